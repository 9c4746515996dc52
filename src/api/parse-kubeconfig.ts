import { dirname, resolve } from 'node:path';
import { parse } from 'yaml';
import { AppError, messageOf } from '../lib/app-error.js';

export interface KubeconfigFile {
  readonly path: string;
  readonly text: string;
}

/** What a client needs to talk to one cluster. Files are absolute paths, data is decoded. */
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

type Fields = Record<string, string | boolean | undefined>;
/** An entry of one of the files; its own paths start from where that file is. */
interface Entry {
  readonly fields: Fields;
  readonly folder: string;
}

/**
 * The access that the current context, or the one named, gives. Of several files, as `$KUBECONFIG` may list them, the first that has a name
 * counts, and a context may name what stands in another. Throws Usage when it is not in there.
 */
export function parseKubeconfig(files: readonly KubeconfigFile[], contextName?: string): ClusterAccess {
  const configs = files.map(({ path, text }) => ({ config: configIn(text), folder: dirname(path) }));
  const named = (list: 'contexts' | 'clusters' | 'users', name: unknown): Entry | undefined => {
    for (const { config, folder } of configs) {
      const fields = config[list]?.find((each) => each.name === name)?.[entryOf[list]];
      if (fields) return { fields, folder };
    }
    return undefined;
  };
  const wanted = contextName ?? configs.map(({ config }) => config['current-context']).find((each) => each);
  const context = named('contexts', wanted)?.fields;
  const cluster = named('clusters', context?.cluster);
  const user = named('users', context?.user) ?? { fields: {} as Fields, folder: '' };
  if (!context || typeof cluster?.fields.server !== 'string') {
    const known = configs.flatMap(({ config }) => config.contexts?.map((each) => each.name) ?? []);
    throw new AppError(
      'Usage',
      `${files.map(({ path }) => path).join(', ')} has no usable context "${wanted ?? ''}"`,
      { hint: `contexts: ${known.join(', ') || 'none'}` },
    );
  }
  if (user.fields['auth-provider']) {
    throw new AppError('Usage', `the user of context "${wanted}" logs in by a way that Kubernetes removed`, {
      hint: 'use a kubeconfig with a token, a client certificate or an exec command',
    });
  }
  const command = commandIn(user);
  const ca = source(cluster, 'certificate-authority');
  const certificate = source(user, 'client-certificate');
  const key = source(user, 'client-key');
  const { server } = cluster.fields;
  const { token, tokenFile } = user.fields;
  const serverName = cluster.fields['tls-server-name'];
  return {
    server: server.replace(/\/$/, ''),
    insecure: cluster.fields['insecure-skip-tls-verify'] === true,
    ...(typeof serverName === 'string' && { serverName }),
    ...(ca && { ca }),
    ...(command && { command }),
    ...(typeof context.namespace === 'string' && { namespace: context.namespace }),
    ...(certificate && { certificate }),
    ...(key && { key }),
    ...(typeof token === 'string' && { token }),
    ...(typeof tokenFile === 'string' && { tokenFile: resolve(user.folder, tokenFile) }),
  };
}

function source({ fields, folder }: Entry, name: string): { data: string } | { file: string } | undefined {
  const data = fields[`${name}-data`];
  if (typeof data === 'string') return { data: Buffer.from(data, 'base64').toString('utf8') };
  const file = fields[name];
  return typeof file === 'string' ? { file: resolve(folder, file) } : undefined;
}

function commandIn({ fields, folder }: Entry): CredentialCommand | undefined {
  const { command, args, env, apiVersion } = (fields.exec ?? {}) as {
    command?: unknown;
    args?: string[] | null;
    env?: { name: string; value: string }[] | null;
    apiVersion?: string;
  };
  if (typeof command !== 'string') return undefined;
  return {
    // One with a slash in it is a path, all others are looked up.
    command: command.includes('/') ? resolve(folder, command) : command,
    args: args ?? [],
    env: Object.fromEntries((env ?? []).map(({ name, value }) => [name, value])),
    apiVersion: apiVersion ?? 'client.authentication.k8s.io/v1',
  };
}

interface Config {
  'current-context'?: string;
  contexts?: readonly Named[];
  clusters?: readonly Named[];
  users?: readonly Named[];
}
interface Named {
  readonly name: string;
  readonly context?: Fields;
  readonly cluster?: Fields;
  readonly user?: Fields;
}

const entryOf = { contexts: 'context', clusters: 'cluster', users: 'user' } as const;

function configIn(text: string): Config {
  let config: unknown;
  try {
    config = parse(text);
  } catch (error) {
    throw new AppError('Usage', `the kubeconfig is no YAML: ${messageOf(error)}`);
  }
  return typeof config === 'object' && config !== null ? (config as Config) : {};
}
