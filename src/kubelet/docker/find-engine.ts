import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { AppError, messageOf } from '../../lib/app-error.js';
import { type EngineConnection, pingEngine } from './connect.js';
import { sshTunnel } from './ssh-tunnel.js';

/** A place an engine may be at: what to connect to, or why that cannot be told. */
type Place = { from: string; address: string } & ({ connection: EngineConnection } | { problem: string });

/**
 * Finds the engine where Docker's own CLI would: `host`, DOCKER_HOST, DOCKER_CONTEXT, the current context; only where none of them says
 * anything, the usual sockets. Throws EnginePermission or EngineUnreachable, with every place that was tried and why it failed.
 */
export async function findEngine(
  options: { host?: string; environment?: NodeJS.ProcessEnv } = {},
): Promise<EngineConnection> {
  const environment = options.environment ?? process.env;
  const tried: string[] = [];
  let refused = false;
  for (const place of await places(options.host, environment)) {
    let problem = 'problem' in place ? place.problem : undefined;
    if ('connection' in place) {
      try {
        await pingEngine(place.connection);
        return place.connection;
      } catch (error) {
        problem = messageOf(error);
        refused ||= /EACCES|EPERM/.test(problem);
      }
    }
    tried.push(`${place.from} (${place.address}): ${problem}`);
  }
  const list = tried.map((line) => `\n  ${line}`).join('');
  if (refused) {
    throw new AppError('EnginePermission', `the Docker engine does not let this user in; tried${list}`, {
      hint: 'add yourself to its group: sudo usermod -aG docker "$USER", then log in again',
      details: { tried },
    });
  }
  throw new AppError('EngineUnreachable', `no Docker engine answers; tried${list}`, {
    hint: 'start Docker (or Podman, Colima), or name an engine with --host',
    details: { tried },
  });
}

async function places(host: string | undefined, environment: NodeJS.ProcessEnv): Promise<Place[]> {
  if (host) return [await placeOf('--host', host, environment)];
  const fromEnvironment = environment.DOCKER_HOST;
  if (fromEnvironment) return [await placeOf('DOCKER_HOST', fromEnvironment, environment)];
  const context = environment.DOCKER_CONTEXT || currentContext(environment);
  if (context && context !== 'default') {
    const from = environment.DOCKER_CONTEXT ? 'DOCKER_CONTEXT' : 'the current docker context';
    return [await placeOfContext(`${from} ${context}`, context, environment)];
  }
  return Promise.all(
    usualSockets(environment).map((path) => placeOf('socket', `unix://${path}`, environment)),
  );
}

function usualSockets(environment: NodeJS.ProcessEnv): string[] {
  const home = homedir();
  const runtime = environment.XDG_RUNTIME_DIR ?? `/run/user/${process.getuid?.() ?? 0}`;
  return [
    '/var/run/docker.sock',
    join(runtime, 'docker.sock'),
    join(home, '.docker/run/docker.sock'),
    join(home, '.docker/desktop/docker.sock'),
    join(home, '.colima/default/docker.sock'),
    join(runtime, 'podman/podman.sock'),
    '/run/podman/podman.sock',
  ];
}

async function placeOf(
  from: string,
  address: string,
  environment: NodeJS.ProcessEnv,
  tlsPath?: string,
): Promise<Place> {
  const unix = /^unix:\/\/(.+)$/.exec(address)?.[1];
  if (unix)
    return { from, address, connection: { from, address, isLocal: true, options: { socketPath: unix } } };
  if (address.startsWith('ssh://')) {
    try {
      return { from, address, connection: await sshTunnel(from, address) };
    } catch (error) {
      return { from, address, problem: messageOf(error) };
    }
  }
  const tcp = /^(?:tcp|https?):\/\/([^:/]+|\[[^\]]+\])(?::(\d+))?/.exec(address);
  if (!tcp) return { from, address, problem: 'not an address of the form unix://, tcp:// or ssh://' };
  const wantsTls = tlsFolder(environment);
  const folder = tlsPath ?? wantsTls;
  let tls: ReturnType<typeof tlsFiles>;
  try {
    tls = tlsFiles(folder);
  } catch (error) {
    return { from, address, problem: messageOf(error) };
  }
  // Never in the clear where TLS was asked for.
  if (!tls && wantsTls !== undefined)
    return {
      from,
      address,
      problem: `DOCKER_TLS_VERIFY is set, but there is no ${join(folder ?? '', 'ca.pem')}`,
    };
  return {
    from,
    address,
    connection: {
      from,
      address,
      isLocal: false,
      options: {
        host: tcp[1] ?? '',
        port: Number(tcp[2] ?? (tls ? 2376 : 2375)),
        protocol: tls ? 'https' : 'http',
        ...tls,
      },
    },
  };
}

const tlsFolder = (environment: NodeJS.ProcessEnv): string | undefined =>
  environment.DOCKER_TLS_VERIFY ? (environment.DOCKER_CERT_PATH ?? join(homedir(), '.docker')) : undefined;

function tlsFiles(folder: string | undefined): { ca: Buffer; cert: Buffer; key: Buffer } | undefined {
  if (!folder || !existsSync(join(folder, 'ca.pem'))) return undefined;
  const read = (name: string) => readFileSync(join(folder, name));
  return { ca: read('ca.pem'), cert: read('cert.pem'), key: read('key.pem') };
}

function currentContext(environment: NodeJS.ProcessEnv): string | undefined {
  try {
    const file = join(environment.DOCKER_CONFIG ?? join(homedir(), '.docker'), 'config.json');
    return (JSON.parse(readFileSync(file, 'utf8')) as { currentContext?: string }).currentContext;
  } catch {
    return undefined;
  }
}

/** Docker's CLI alone knows how it keeps its contexts. */
async function placeOfContext(from: string, name: string, environment: NodeJS.ProcessEnv): Promise<Place> {
  try {
    const { stdout } = await execa('docker', ['context', 'inspect', name], {
      env: environment,
      timeout: 10_000,
    });
    const [context] = JSON.parse(stdout) as {
      Endpoints: { docker?: { Host?: string } };
      Storage?: { TLSPath?: string };
    }[];
    const address = context?.Endpoints.docker?.Host;
    if (!address) return { from, address: name, problem: 'the context has no docker endpoint' };
    const tls = context.Storage?.TLSPath;
    return await placeOf(from, address, environment, tls ? join(tls, 'docker') : undefined);
  } catch (error) {
    const problem =
      (error as { code?: string }).code === 'ENOENT' ? 'no docker command to ask' : messageOf(error);
    return { from, address: name, problem };
  }
}
