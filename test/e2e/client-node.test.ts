/** Kubernetes' own client library for JavaScript against the whole program, on the real engine: no word of ours, no file. */
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { fileURLToPath } from 'node:url';
import {
  ApiException,
  Attach,
  CoreV1Api,
  CustomObjectsApi,
  Exec,
  KubeConfig,
  type KubernetesObject,
  KubernetesObjectApi,
  Log,
  makeInformer,
  PatchStrategy,
  PortForward,
} from '@kubernetes/client-node';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { ensureBusyboxImage } from '../engine/busybox-image.js';

const main = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'minithena-client-'));
const cluster = `client-${process.pid}`;
const env = { XDG_STATE_HOME: join(folder, 'state'), NO_COLOR: '1', HOME: folder, TMPDIR: folder };
const minithena = (...words: string[]) =>
  execa(process.execPath, [main, ...words, '--cluster', cluster], { reject: false, stdin: 'ignore', env });
const config = new KubeConfig();
const namespace = 'team';
const kthena = {
  group: 'workload.serving.volcano.sh',
  version: 'v1alpha1',
  plural: 'modelservings',
  namespace,
};

interface Serving extends KubernetesObject {
  spec: { replicas: number };
  status?: { availableReplicas: number; observedGeneration: number };
}
const serving = {
  apiVersion: 'workload.serving.volcano.sh/v1alpha1',
  kind: 'ModelServing',
  metadata: { name: 'tiny', namespace },
  spec: {
    replicas: 1,
    template: {
      roles: [
        {
          name: 'prefill',
          replicas: 1,
          workerReplicas: 0,
          entryTemplate: {
            spec: {
              terminationGracePeriodSeconds: 1,
              containers: [
                {
                  name: 'vllm',
                  image: 'minithena/vllm-standin:latest',
                  ports: [{ containerPort: 8000 }],
                  envFrom: [{ configMapRef: { name: 'settings' } }],
                  readinessProbe: { httpGet: { path: '/health', port: 8000 }, periodSeconds: 1 },
                },
              ],
            },
          },
        },
      ],
    },
  },
};
const pod = 'tiny-0-prefill-0-0';

beforeAll(async () => {
  await ensureBusyboxImage();
  const starter = join(folder, 'starter.yaml');
  writeFileSync(starter, 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: starter }\ndata: { a: b }\n');
  expect(await minithena('up', starter, '--stand-in', '--detach')).toMatchObject({ exitCode: 0 });
  config.loadFromFile(join(folder, 'state', 'minithena', cluster, 'kubeconfig'));
});
afterAll(async () => {
  await minithena('down');
  const ours = ['--filter', `label=minithena.dev/cluster=${cluster}`];
  const left = (await execa('docker', ['ps', '-aq', ...ours])).stdout.split('\n').filter((id) => id !== '');
  if (left.length > 0) await execa('docker', ['rm', '-fv', ...left]);
  rmSync(folder, { recursive: true, force: true });
});

it('makes a namespace, settings and a ModelServing, and hears of every step', async () => {
  const core = config.makeApiClient(CoreV1Api);
  const custom = config.makeApiClient(CustomObjectsApi);
  await core.createNamespace({ body: { metadata: { name: namespace } } });
  await core.createNamespacedConfigMap({
    namespace,
    body: { metadata: { name: 'settings' }, data: { LOUD: 'yes' } },
  });
  const informer = makeInformer(config, `/api/v1/namespaces/${namespace}/pods`, () =>
    core.listNamespacedPod({ namespace }),
  );
  const heard: string[] = [];
  informer.on('add', ({ metadata }) => heard.push(`add ${metadata?.name}`));
  informer.on('delete', ({ metadata }) => heard.push(`delete ${metadata?.name}`));
  await informer.start();
  await custom.createNamespacedCustomObject({ ...kthena, body: serving });
  const read = async () => (await custom.getNamespacedCustomObject({ ...kthena, name: 'tiny' })) as Serving;
  await vi.waitFor(async () => expect((await read()).status?.availableReplicas).toBe(1), 120_000);
  await vi.waitFor(() => expect(heard).toEqual([`add ${pod}`]), 60_000);

  // GET, wait, PUT: a stale one is told so, the newest is taken.
  const stale = await read();
  const objects = KubernetesObjectApi.makeApiClient(config);
  await objects.patch(
    { ...stale, spec: { replicas: 2 }, metadata: { name: 'tiny', namespace } } as Serving,
    undefined,
    undefined,
    'test',
    undefined,
    PatchStrategy.MergePatch,
  );
  const refused = await objects
    .replace({ ...stale, spec: { ...stale.spec, replicas: 3 } } as Serving)
    .catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(ApiException);
  expect((refused as ApiException<unknown>).code).toBe(409);
  // The controller writes the status meanwhile: as every client does, it is tried again with the newest.
  await vi.waitFor(async () => {
    const newest = await read();
    await objects.replace({ ...newest, spec: { ...newest.spec, replicas: 1 } } as Serving);
  }, 60_000);
  await vi.waitFor(async () => {
    const now = await read();
    expect(now.status).toMatchObject({ availableReplicas: 1, observedGeneration: now.metadata?.generation });
    expect((await core.listNamespacedPod({ namespace })).items).toHaveLength(1);
  }, 120_000);
  await informer.stop();
});

it('reads a log, runs a command and reaches a port', async () => {
  // The engine may have the words of a server a moment later than the server its port.
  await vi.waitFor(async () => {
    const log = new PassThrough();
    await new Log(config).log(namespace, pod, 'vllm', log, { follow: false, tailLines: 50 });
    let text = '';
    log.on('data', (piece: Buffer) => (text += piece.toString()));
    await once(log, 'end');
    expect(text).toContain('Uvicorn running');
  }, 60_000);

  const out = new PassThrough();
  let said = '';
  out.on('data', (piece: Buffer) => (said += piece.toString()));
  const ended = await new Promise<string | undefined>((resolve, reject) => {
    new Exec(config)
      .exec(
        namespace,
        pod,
        'vllm',
        ['sh', '-c', 'echo loud: $LOUD; exit 3'],
        out,
        out,
        null,
        false,
        ({ status, details }) => resolve(`${status} ${details?.causes?.[0]?.message}`),
      )
      .catch(reject);
  });
  await vi.waitFor(() => expect([said.trim(), ended]).toEqual(['loud: yes', 'Failure 3']), 60_000);

  const forward = new PortForward(config);
  const server = createServer((socket) => {
    forward.portForward(namespace, pod, [8000], socket, null, socket).catch(() => socket.destroy());
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const status = await new Promise<number | undefined>((resolve, reject) => {
    get({ host: '127.0.0.1', port, path: '/health', agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode);
    }).on('error', reject);
  });
  server.close();
  expect(status).toBe(200);
});

it('attaches to what a process itself reads and says', async () => {
  const core = config.makeApiClient(CoreV1Api);
  const container = {
    name: 'main',
    image: 'minithena/test-busybox:1',
    imagePullPolicy: 'Never',
    command: ['/bin/busybox', 'sh', '-c', 'while read line; do echo "said $line"; done'],
    stdin: true,
  };
  const spec = { terminationGracePeriodSeconds: 0, containers: [container] };
  await core.createNamespacedPod({ namespace, body: { metadata: { name: 'echo' }, spec } });
  await vi.waitFor(async () => {
    expect((await core.readNamespacedPod({ namespace, name: 'echo' })).status?.phase).toBe('Running');
  }, 90_000);
  const [output, input] = [new PassThrough(), new PassThrough()];
  let said = '';
  output.on('data', (piece: Buffer) => (said += piece.toString()));
  const socket = await new Attach(config).attach(namespace, 'echo', 'main', output, null, input, false);
  input.write('hello\n');
  await vi.waitFor(() => expect(said).toBe('said hello\n'), 60_000);
  socket.close();
});

it('deletes a pod, which comes back, and the namespace, which does not', async () => {
  const core = config.makeApiClient(CoreV1Api);
  const before = (await core.readNamespacedPod({ namespace, name: pod })).metadata?.uid;
  await core.deleteNamespacedPod({ namespace, name: pod, gracePeriodSeconds: 0 });
  await vi.waitFor(async () => {
    const now = await core.readNamespacedPod({ namespace, name: pod });
    expect(now.metadata?.uid).not.toBe(before);
  }, 90_000);
  await core.deleteNamespace({ name: namespace });
  await vi.waitFor(async () => {
    const error: unknown = await core.readNamespace({ name: namespace }).catch((each: unknown) => each);
    expect((error as ApiException<unknown>).code).toBe(404);
  }, 90_000);
});
