import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execaSync } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pingEngine } from '../../src/kubelet/docker/connect.js';
import { dockerBed } from './docker-bed.js';
import { eventually } from './eventually.js';
import { kubeletBed } from './kubelet-bed.js';

const installed = execaSync('podman', ['--version'], { reject: false });
const serve = (port: number) => `mkdir -p /www; echo hello > /www/index.html; httpd -f -p ${port} -h /www`;
if (installed.exitCode !== 0) console.warn('podman is not installed: nothing of it is tried');

/** A podman of the test's own, beside whatever the machine has. */
describe.skipIf(installed.exitCode !== 0)(`podman (${installed.stdout ?? 'absent'})`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'podman-'));
  const socketPath = join(folder, 'podman.sock');
  const own = [
    '--root',
    join(folder, 'root'),
    '--runroot',
    join(folder, 'run'),
    '--cgroup-manager',
    'cgroupfs',
  ];
  // Its defaults for limits are more than a test machine without all rights can give.
  writeFileSync(
    join(folder, 'containers.conf'),
    '[containers]\ndefault_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]\n',
  );
  let service: ReturnType<typeof spawn> | undefined;
  let bed: Awaited<ReturnType<typeof dockerBed>>;
  let k: Awaited<ReturnType<typeof kubeletBed>>;
  beforeAll(async () => {
    // Here and not above: what is left out would be started there all the same.
    service = spawn(
      'podman',
      [...own, '--storage-driver', 'vfs', 'system', 'service', '-t', '0', `unix://${socketPath}`],
      { stdio: 'ignore', env: { ...process.env, CONTAINERS_CONF: join(folder, 'containers.conf') } },
    );
    const connection = {
      from: 'test',
      address: `unix://${socketPath}`,
      isLocal: true,
      options: { socketPath },
    };
    await eventually('podman answers', () =>
      pingEngine(connection).then(
        () => true,
        () => false,
      ),
    );
    bed = await dockerBed('podman', connection);
    k = await kubeletBed(bed);
  });
  afterAll(async () => {
    await k?.close();
    await bed?.close();
    const ended =
      service && service.exitCode === null && new Promise((resolve) => service?.once('close', resolve));
    service?.kill();
    await ended;
    rmSync(folder, { recursive: true, force: true });
  });

  it('is known for what it is', async () => {
    const info = await bed.engine.info();
    expect(info).toMatchObject({ kind: 'podman' });
    // A cluster holds to the engine that it began on.
    expect((await bed.engine.info()).engineId).toBe(info.engineId);
  });

  it('runs a pod of one container: address, probe, published port, log, end', async () => {
    k.add('one', {
      containers: [
        k.container({
          script: `echo begun; ${serve(8000)}`,
          ports: [{ containerPort: 8000 }],
          readinessProbe: { httpGet: { port: 8000 }, periodSeconds: 1 },
        }),
      ],
    });
    const pod = await k.ready('one');
    expect((await k.inside('one', 'hostname')).output).toBe('one\n');
    await eventually('its log', async () => (await k.log('one')) === 'begun\n');
    const port = /→127\.0\.0\.1:(\d+)/.exec(
      pod.metadata.annotations?.['minithena.dev/published-ports'] ?? '',
    )?.[1];
    const answer = await eventually('the published port answers', async () => {
      const asked = await fetch(`http://127.0.0.1:${port}/`).catch(() => undefined);
      return asked?.text();
    });
    expect(answer).toBe('hello\n');
    await k.remove('one');
    expect(await k.containers('one')).toEqual([]);
  });

  it('runs several containers in one sandbox, with an init container, and restarts one that dies', async () => {
    k.add('several', {
      volumes: [{ name: 'v', emptyDir: {} }],
      initContainers: [
        k.container({
          name: 'init',
          script: 'echo made > /v/x',
          volumeMounts: [{ name: 'v', mountPath: '/v' }],
        }),
      ],
      containers: [
        k.container({ script: serve(8000), volumeMounts: [{ name: 'v', mountPath: '/v' }] }),
        k.container({ name: 'second' }),
      ],
    });
    await k.ready('several');
    expect((await k.inside('several', 'cat /v/x')).output).toBe('made\n');
    const asks = 'until wget -qO- http://127.0.0.1:8000/ 2>/dev/null; do sleep 0.1; done';
    expect((await k.inside('several', asks, 'second')).output).toBe('hello\n');
    const second = (await k.containers('several')).find(({ name }) => name.endsWith('_second'));
    await bed.engine.killContainer(second?.containerId ?? '');
    await k.untilPod('several', 'run again', () => (k.status('several', 'second')?.restartCount ?? 0) > 0);
    await k.remove('several');
  });

  it('gives files of a ConfigMap, and a volume that another user can write into', async () => {
    k.store.create('configmaps', {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'c', namespace: 'ns' },
      data: { a: 'b' },
    });
    k.add('files', {
      securityContext: { runAsUser: 1000, fsGroup: 2000 },
      volumes: [
        { name: 'c', configMap: { name: 'c' } },
        { name: 'e', emptyDir: {} },
      ],
      containers: [
        k.container({
          volumeMounts: [
            { name: 'c', mountPath: '/c' },
            { name: 'e', mountPath: '/e' },
          ],
        }),
      ],
    });
    await k.ready('files');
    expect((await k.inside('files', 'cat /c/a; touch /e/x && echo written')).output).toBe('bwritten\n');
  });
});
