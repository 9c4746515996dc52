import { readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { type AuthEntry, type FoundCredentials, readAuthEntry } from './credentials.js';
import { dockerHubKey, registryOf } from './image-name.js';

interface DockerConfig {
  auths?: Record<string, AuthEntry | null>;
  credsStore?: string;
  credHelpers?: Record<string, string>;
}

const helperTimeoutMs = 30_000;

/**
 * What the docker command would show to the image's registry: `$DOCKER_CONFIG/config.json`, else `~/.docker/config.json`, read anew each time, so
 * that a `docker login` counts at once. A credential helper is asked as docker asks it. `problem` says, without any secret, why none could be read.
 */
export async function dockerConfigCredentials(
  image: string,
  env: NodeJS.ProcessEnv,
): Promise<{ found?: FoundCredentials; problem?: string }> {
  const path = configPath(env);
  let config: DockerConfig;
  try {
    config = JSON.parse(readFileSync(path, 'utf8')) as DockerConfig;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return {};
    // The parser's own message quotes what it read.
    return { problem: `${path} ${code ? `cannot be read (${code})` : 'is no JSON'}` };
  }
  const registry = registryOf(image);
  const server = registry === 'docker.io' ? dockerHubKey : registry;
  const helper = config.credHelpers?.[server] ?? config.credHelpers?.[registry] ?? config.credsStore;
  if (helper) return askHelper(helper, server, env);
  const key = [server, ...Object.keys(config.auths ?? {})].find(
    (each) => config.auths?.[each] && (each === server || hostOf(each) === hostOf(server)),
  );
  const auth = key === undefined ? undefined : readAuthEntry(config.auths?.[key] ?? {}, server);
  return auth ? { found: { auth, source: path } } : {};
}

/** Something else whenever the file was written. */
export function dockerConfigMark(env: NodeJS.ProcessEnv = process.env): string {
  const path = configPath(env);
  try {
    return `${path} ${statSync(path).mtimeMs}`;
  } catch {
    return path;
  }
}

const configPath = (env: NodeJS.ProcessEnv): string =>
  join(env.DOCKER_CONFIG || join(env.HOME || homedir(), '.docker'), 'config.json');

/** Docker's own way of comparing the keys of `auths`: without scheme and path. */
const hostOf = (key: string): string => key.replace(/^https?:\/\//, '').replace(/\/.*$/, '');

async function askHelper(
  helper: string,
  server: string,
  env: NodeJS.ProcessEnv,
): Promise<{ found?: FoundCredentials; problem?: string }> {
  const command = `docker-credential-${helper}`;
  const { exitCode, stdout, code, timedOut } = await execa(command, ['get'], {
    input: server,
    env,
    extendEnv: false,
    reject: false,
    timeout: helperTimeoutMs,
  });
  if (code === 'ENOENT') return { problem: `${command} is not on the PATH of the daemon` };
  if (timedOut) return { problem: `${command} did not answer in ${helperTimeoutMs / 1000}s` };
  // What it prints is not repeated: it may be half a secret. Having none is its usual answer for public registries.
  if (exitCode !== 0)
    return /credentials not found/i.test(stdout)
      ? {}
      : { problem: `${command} failed (exit code ${exitCode})` };
  try {
    const { Username, Secret } = JSON.parse(stdout) as { Username?: string; Secret?: string };
    const entry =
      Username === '<token>' ? { identitytoken: Secret } : { username: Username, password: Secret };
    const auth = readAuthEntry(entry, server);
    return auth ? { found: { auth, source: command } } : {};
  } catch {
    return { problem: `${command} did not answer in JSON` };
  }
}
