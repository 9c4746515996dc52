import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer as createPlain, type Server } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { createServer } from 'node:tls';
import { execaSync } from 'execa';
import { generate } from 'selfsigned';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EngineConnection } from '../../src/kubelet/docker/connect.js';
import { findEngine } from '../../src/kubelet/docker/find-engine.js';
import { dockerBed } from './docker-bed.js';
import { kubeletBed } from './kubelet-bed.js';

const folder = mkdtempSync(join(tmpdir(), 'remote-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const serve = (port: number) => `mkdir -p /www; cp /c/a /www/index.html; httpd -f -p ${port} -h /www`;

/** A pod that is made, probed, asked and removed over the connection. */
async function runsPods(connection: EngineConnection, name: string): Promise<void> {
  const bed = await dockerBed(name, connection);
  const k = await kubeletBed(bed);
  try {
    expect(await bed.engine.info()).toMatchObject({ isLocal: false, hostReachesPods: false });
    k.store.create('configmaps', {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'c', namespace: 'ns' },
      data: { a: 'from afar' },
    });
    k.add('pod', {
      volumes: [{ name: 'c', configMap: { name: 'c' } }],
      containers: [
        k.container({
          script: serve(8000),
          readinessProbe: {
            exec: { command: ['/bin/sh', '-c', 'wget -qO- http://127.0.0.1:8000/'] },
            periodSeconds: 1,
          },
          volumeMounts: [{ name: 'c', mountPath: '/c' }],
        }),
        k.container({ name: 'second' }),
      ],
    });
    await k.ready('pod');
    const session = await k.kubelet.sessions.exec(
      { namespace: 'ns', pod: 'pod', container: 'second' },
      { command: ['cat'], tty: false, stdin: true },
    );
    await session.write(Buffer.from('through'));
    session.endInput();
    let heard = '';
    for await (const { data } of session.output) heard += Buffer.from(data).toString();
    expect([heard, await session.exitCode()]).toEqual(['through', 0]);
    await k.remove('pod');
    expect(await k.containers('pod')).toEqual([]);
  } finally {
    await k.close();
    await bed.close();
  }
}
const socketPath = async () => {
  const { options } = await findEngine();
  if (!('socketPath' in options)) throw new Error('the engine of this machine has no socket');
  return options.socketPath;
};

it('DOCKER_HOST with TLS: both sides show a certificate', async () => {
  const made = await generate([{ name: 'commonName', value: 'engine' }], {
    keySize: 2048,
    algorithm: 'sha256',
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true, clientAuth: true },
      { name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] },
    ],
  });
  for (const [name, text] of Object.entries({ ca: made.cert, cert: made.cert, key: made.private }))
    writeFileSync(join(folder, `${name}.pem`), text, { mode: 0o600 });
  const path = await socketPath();
  const server = createServer(
    { key: made.private, cert: made.cert, ca: made.cert, requestCert: true, allowHalfOpen: true },
    (near) => {
      const far = connect({ path, allowHalfOpen: true });
      near.pipe(far);
      far.pipe(near);
      near.on('error', () => far.destroy());
      far.on('error', () => near.destroy());
      far.on('close', () => near.destroy());
    },
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const environment = {
    DOCKER_HOST: `tcp://127.0.0.1:${port}`,
    DOCKER_TLS_VERIFY: '1',
    DOCKER_CERT_PATH: folder,
  };
  try {
    await runsPods(await findEngine({ environment }), 'tls');
    await expect(findEngine({ environment: { DOCKER_HOST: environment.DOCKER_HOST } })).rejects.toThrow(
      /DOCKER_HOST \(tcp:\/\/127\.0\.0\.1/,
    );
  } finally {
    server.close();
  }
});

const sshd = ['/usr/sbin/sshd', '/usr/bin/sshd'].find((path) => existsSync(path));
if (!sshd) console.warn('sshd is not installed: DOCKER_HOST=ssh:// is not tried');

describe.skipIf(!sshd)('DOCKER_HOST with ssh', () => {
  let port = 0;
  let server: Server | undefined;
  const children = new Set<ReturnType<typeof spawn>>();
  const pathBefore = process.env.PATH;
  beforeAll(async () => {
    const inFolder = (name: string) => join(folder, name);
    for (const name of ['host', 'user'])
      execaSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', inFolder(name)]);
    execaSync('cp', [inFolder('user.pub'), inFolder('authorized')]);
    // Where it runs as root it insists on this folder.
    if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true });
    const options = [
      `HostKey=${inFolder('host')}`,
      `AuthorizedKeysFile=${inFolder('authorized')}`,
      'StrictModes=no',
      'UsePAM=no',
      'PermitRootLogin=prohibit-password',
      `PidFile=none`,
    ].flatMap((each) => ['-o', each]);
    // A port that is picked first and taken later may be somebody else's by then: the connections are taken here, one sshd for each.
    server = createPlain((socket) => {
      const child = spawn(sshd ?? '', ['-i', '-e', '-f', '/dev/null', ...options], {
        stdio: ['pipe', 'pipe', 'ignore'],
      });
      children.add(child);
      child.once('close', () => {
        children.delete(child);
        socket.destroy();
      });
      socket.pipe(child.stdin).on('error', () => socket.destroy());
      child.stdout.pipe(socket).on('error', () => child.kill());
    });
    await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
    port = (server.address() as AddressInfo).port;
    // People have keys and known hosts of their own; the test's are handed in.
    const bin = inFolder('bin');
    mkdirSync(bin);
    writeFileSync(
      join(bin, 'ssh'),
      `#!/bin/sh\nexec /usr/bin/ssh -F /dev/null -i ${inFolder('user')} -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null "$@"\n`,
    );
    chmodSync(join(bin, 'ssh'), 0o755);
    process.env.PATH = `${bin}:${pathBefore ?? ''}`;
  });
  afterAll(() => {
    process.env.PATH = pathBefore;
    server?.close();
    for (const child of children) child.kill();
  });

  it('goes through one tunnel', async () => {
    const host = `ssh://${userInfo().username}@127.0.0.1:${port}${await socketPath()}`;
    await runsPods(await findEngine({ host }), 'ssh');
  });
});
