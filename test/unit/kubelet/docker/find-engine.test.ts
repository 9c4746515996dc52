import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connect } from '../../../../src/kubelet/docker/connect.js';
import { findEngine } from '../../../../src/kubelet/docker/find-engine.js';

let folder: string;
const servers: Server[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'find-'));
});
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
  rmSync(folder, { recursive: true, force: true });
});

/** Answers pings, and says which API it speaks. */
async function engineAt(name: string, versions: object = {}) {
  const path = join(folder, name);
  const server = createServer(({ url = '' }, response) =>
    response.end(url.endsWith('/version') ? JSON.stringify(versions) : 'OK'),
  );
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(path, resolve));
  return { path, address: `unix://${path}` };
}
/** A `docker` that knows contexts, in place of the one of this machine. */
function contexts(known: Record<string, string>, current?: string): NodeJS.ProcessEnv {
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  const cases = Object.entries(known).map(([name, host]) => {
    const answer = JSON.stringify([{ Endpoints: { docker: { Host: host } } }]);
    return `${name}) echo '${answer}';;`;
  });
  const script = `#!/bin/sh\ncase "$3" in\n${cases.join('\n')}\n*) echo "no such context: $3" >&2; exit 1;;\nesac\n`;
  writeFileSync(join(bin, 'docker'), script);
  chmodSync(join(bin, 'docker'), 0o755);
  if (current) writeFileSync(join(folder, 'config.json'), JSON.stringify({ currentContext: current }));
  return { PATH: `${bin}:${process.env.PATH}`, DOCKER_CONFIG: folder, XDG_RUNTIME_DIR: folder };
}
const messageOf = (call: Promise<unknown>) =>
  call.then(
    () => 'it did not fail',
    (error: Error) => error.message,
  );

describe('which engine it is', () => {
  it('the host asked for, then DOCKER_HOST, DOCKER_CONTEXT, the current context', async () => {
    const names = ['asked', 'host', 'chosen', 'current'] as const;
    const [asked, host, chosen, current] = await Promise.all(names.map((name) => engineAt(name)));
    const environment: NodeJS.ProcessEnv = {
      ...contexts({ chosen: chosen?.address ?? '', current: current?.address ?? '' }, 'current'),
      DOCKER_HOST: host?.address,
      DOCKER_CONTEXT: 'chosen',
    };
    const found = async (given?: string) =>
      (await findEngine({ environment, ...(given && { host: given }) })).address;
    expect(await found(asked?.address)).toBe(asked?.address);
    expect(await found()).toBe(host?.address);
    delete environment.DOCKER_HOST;
    expect(await found()).toBe(chosen?.address);
    environment.DOCKER_CONTEXT = '';
    expect(await found()).toBe(current?.address);
  });

  it('what was named and does not answer is not replaced by another', async () => {
    await engineAt('docker.sock');
    const environment = contexts({ gone: `unix://${join(folder, 'gone')}` }, 'gone');
    const said = await messageOf(findEngine({ environment }));
    expect(said).toMatch(/the current docker context gone \(unix:.*\/gone\): .*ENOENT/);
    expect(said).not.toContain('docker.sock');
    expect(await messageOf(findEngine({ environment: { ...environment, DOCKER_CONTEXT: 'odd' } }))).toContain(
      'no such context: odd',
    );
  });

  it('no docker command to ask for a context', async () => {
    const environment = { PATH: folder, DOCKER_CONTEXT: 'some' };
    expect(await messageOf(findEngine({ environment }))).toContain('no docker command to ask');
  });

  it('where TLS is asked for and its files are missing, nothing is sent in the clear', async () => {
    const environment = {
      DOCKER_HOST: 'tcp://127.0.0.1:1',
      DOCKER_TLS_VERIFY: '1',
      DOCKER_CERT_PATH: folder,
    };
    expect(await messageOf(findEngine({ environment }))).toContain(`there is no ${join(folder, 'ca.pem')}`);
    writeFileSync(join(folder, 'ca.pem'), '');
    expect(await messageOf(findEngine({ environment }))).toMatch(/ENOENT.*cert\.pem/);
  });
});

describe('which API is spoken', () => {
  const speaking = async (versions: object) => {
    const { path, address } = await engineAt('engine', versions);
    return connect({ from: 'test', address, isLocal: true, options: { socketPath: path } });
  };
  const spoken = async (versions: object) =>
    ((await speaking(versions)).modem as unknown as { version: string }).version;

  it('the newest that both know', async () => {
    expect(await spoken({ ApiVersion: '1.41', MinAPIVersion: '1.12' })).toBe('v1.41');
  });
  it('not newer than this adapter was tried with', async () => {
    expect(await spoken({ ApiVersion: '1.60', MinAPIVersion: '1.44' })).toBe('v1.52');
  });
  it.each([
    ['too old', { ApiVersion: '1.40', MinAPIVersion: '1.12' }],
    ['too old, though 9 sorts after 41', { ApiVersion: '1.9', MinAPIVersion: '1.0' }],
    ['too new', { ApiVersion: '1.60', MinAPIVersion: '1.53' }],
  ])('none: %s', async (_what, versions) => {
    await expect(speaking(versions)).rejects.toMatchObject({ code: 'EngineTooOld' });
  });
});
