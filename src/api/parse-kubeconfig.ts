import { parse } from 'yaml';
import { AppError, messageOf } from '../lib/app-error.js';

/** What a client needs to talk to one cluster. Files are paths as they stand there, data is decoded. */
export interface ClusterAccess {
  server: string;
  /** The name that the certificate must carry, where it is not that of `server`. */
  serverName?: string;
  ca?: { data: string } | { file: string };
  token?: string;
  tokenFile?: string;
  certificate?: { data: string } | { file: string };
  key?: { data: string } | { file: string };
  /** The command by which the user logs in. */
  command?: CredentialCommand;
  /** Of requests that name none. */
  namespace?: string;
  insecure: boolean;
}

export interface CredentialCommand {
  command: string;
  args: readonly string[];
  env: Readonly<Record<string, string>>;
  apiVersion: string;
}

interface Named<T> {
  name: string;
  cluster?: T;
  user?: T;
  context?: T;
}
type Fields = Record<string, string | boolean | undefined>;

/** The access that a kubeconfig's current context, or the one named, gives. Throws Usage when it is not in there. */
export function parseKubeconfig(text: string, contextName?: string): ClusterAccess {
  const config = configIn(text);
  const wanted = contextName ?? config['current-context'];
  const context = config.contexts?.find((each) => each.name === wanted)?.context;
  const cluster = config.clusters?.find((each) => each.name === context?.cluster)?.cluster;
  const user = config.users?.find((each) => each.name === context?.user)?.user ?? {};
  if (!context || typeof cluster?.server !== 'string') {
    const known = config.contexts?.map((each) => each.name).join(', ') || 'none';
    throw new AppError('Usage', `the kubeconfig has no usable context "${wanted ?? ''}"`, {
      hint: `contexts: ${known}`,
    });
  }
  if (user['auth-provider']) {
    throw new AppError('Usage', `the user of context "${wanted}" logs in by a way that Kubernetes removed`, {
      hint: 'use a kubeconfig with a token, a client certificate or an exec command',
    });
  }
  const command = commandIn(user.exec);
  const source = (fields: Fields, name: string) => {
    const data = fields[`${name}-data`];
    if (typeof data === 'string') return { data: Buffer.from(data, 'base64').toString('utf8') };
    const file = fields[name];
    return typeof file === 'string' ? { file } : undefined;
  };
  const ca = source(cluster, 'certificate-authority');
  const certificate = source(user, 'client-certificate');
  const key = source(user, 'client-key');
  return {
    server: cluster.server.replace(/\/$/, ''),
    insecure: cluster['insecure-skip-tls-verify'] === true,
    ...(typeof cluster['tls-server-name'] === 'string' && { serverName: cluster['tls-server-name'] }),
    ...(ca && { ca }),
    ...(command && { command }),
    ...(typeof context.namespace === 'string' && { namespace: context.namespace }),
    ...(certificate && { certificate }),
    ...(key && { key }),
    ...(typeof user.token === 'string' && { token: user.token }),
    ...(typeof user.tokenFile === 'string' && { tokenFile: user.tokenFile }),
  };
}

/** The names of all contexts of a kubeconfig. Throws Usage. */
export const contextsIn = (text: string): string[] => (configIn(text).contexts ?? []).map(({ name }) => name);

function commandIn(exec: unknown): CredentialCommand | undefined {
  const { command, args, env, apiVersion } = (exec ?? {}) as {
    command?: unknown;
    args?: string[] | null;
    env?: { name: string; value: string }[] | null;
    apiVersion?: string;
  };
  if (typeof command !== 'string') return undefined;
  return {
    command,
    args: args ?? [],
    env: Object.fromEntries((env ?? []).map(({ name, value }) => [name, value])),
    apiVersion: apiVersion ?? 'client.authentication.k8s.io/v1',
  };
}

interface Config {
  'current-context'?: string;
  contexts?: Named<Fields>[];
  clusters?: Named<Fields>[];
  users?: Named<Fields>[];
}

function configIn(text: string): Config {
  let config: unknown;
  try {
    config = parse(text);
  } catch (error) {
    throw new AppError('Usage', `the kubeconfig is no YAML: ${messageOf(error)}`);
  }
  return typeof config === 'object' && config !== null ? (config as Config) : {};
}
