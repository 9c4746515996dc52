import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Docker from 'dockerode';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { generatePod } from '../../src/api/generate-pod.js';
import { ownerLabel } from '../../src/api/labels.js';
import { dockerBed } from './docker-bed.js';
import { eventually } from './eventually.js';
import { kubeletBed } from './kubelet-bed.js';
import { tinyRegistry } from './tiny-registry.js';

const docker = new Docker();
let bed: Awaited<ReturnType<typeof dockerBed>>;
let k: Awaited<ReturnType<typeof kubeletBed>>;
let folder = '';
beforeAll(async () => {
  bed = await dockerBed('pods');
  k = await kubeletBed(bed);
  folder = mkdtempSync(join(tmpdir(), 'pods-'));
});
afterAll(async () => {
  await k.close();
  await bed.close();
  rmSync(folder, { recursive: true, force: true });
});
const inspect = async (pod: string, container = 'main') => {
  const found = (await k.containers(pod)).find((c) => c.labels[ownerLabel.container] === container);
  return docker.getContainer(found?.containerId ?? '').inspect();
};
const serve = (port: number) => `mkdir -p /www; echo hello > /www/index.html; httpd -f -p ${port} -h /www`;
const published = (pod: string) =>
  Number(
    /→127\.0\.0\.1:(\d+)/.exec(
      k.get(pod)?.metadata.annotations?.['minithena.dev/published-ports'] ?? '',
    )?.[1],
  );

describe.concurrent('what a pod is made of', () => {
  it('several containers share network and hostname, and a sandbox holds them', async () => {
    k.add('several', {
      containers: [k.container({ name: 'web', script: serve(8000) }), k.container({ name: 'main' })],
    });
    await k.ready('several');
    // Without a probe a server may not be up yet; some machines give every network further links.
    const script =
      'hostname; until wget -qO- http://127.0.0.1:8000/ 2>/dev/null; do sleep 0.1; done; ip -o link | grep -cE " (lo|eth0)[@:]"';
    const seen = await k.inside('several', script);
    expect(seen.output).toBe('several\nhello\n2\n');
    expect((await k.containers('several')).map((c) => c.labels[ownerLabel.container]).sort()).toEqual([
      'POD',
      'main',
      'web',
    ]);
    await k.remove('several');
    expect(await k.containers('several')).toEqual([]);
  });

  it('one container needs none, and has the address that is told', async () => {
    k.add('alone', { containers: [k.container()] });
    const pod = await k.ready('alone');
    expect((await k.containers('alone')).length).toBe(1);
    const { output } = await k.inside('alone', 'hostname; ip -4 -o addr show eth0');
    expect(output).toContain(`${pod.status?.podIP}/`);
    expect(output).toMatch(/^alone\n/);
  });

  it('init containers run one after another, to the end, before the rest', async () => {
    const volumeMounts = [{ name: 'notes', mountPath: '/notes' }];
    k.add('inits', {
      volumes: [{ name: 'notes', emptyDir: {} }],
      initContainers: [
        k.container({ name: 'one', script: 'sleep 0.5; echo one >> /notes/all', volumeMounts }),
        k.container({ name: 'two', script: 'echo two >> /notes/all', volumeMounts }),
      ],
      containers: [k.container({ script: 'echo main >> /notes/all; sleep 100000', volumeMounts })],
    });
    await k.ready('inits');
    const { output } = await k.inside(
      'inits',
      'while ! grep -q main /notes/all; do sleep 0.1; done; cat /notes/all',
    );
    expect(output).toBe('one\ntwo\nmain\n');
    expect(k.status('inits', 'two')?.state?.terminated).toMatchObject({ exitCode: 0, reason: 'Completed' });
    expect(k.condition(k.get('inits'), 'Initialized')).toBe('True');
  });

  it('a native sidecar runs before the rest and along with it', async () => {
    k.add('sidecar', {
      initContainers: [
        {
          ...k.container({ name: 'side', script: serve(8000) }),
          restartPolicy: 'Always',
          startupProbe: { httpGet: { port: 8000 }, periodSeconds: 1 },
        } as never,
        k.container({ name: 'asks', script: 'wget -qO- http://127.0.0.1:8000/' }),
      ],
      containers: [k.container()],
    });
    await k.ready('sidecar');
    expect(await k.log('sidecar', { container: 'asks' })).toBe('hello\n');
    expect(k.status('sidecar', 'side')?.ready).toBe(true);
  });

  it('the environment: values, fields, resources, references and their escapes', async () => {
    const field = (fieldPath: string) => ({ valueFrom: { fieldRef: { fieldPath } } });
    k.add('env', {
      containers: [
        k.container({
          resources: { limits: { memory: '64Mi' } },
          env: [
            { name: 'NAME', ...field('metadata.name') },
            { name: 'APP', ...field("metadata.labels['app']") },
            { name: 'IP', ...field('status.podIP') },
            { name: 'NODE', ...field('spec.nodeName') },
            {
              name: 'MEMORY',
              valueFrom: { resourceFieldRef: { resource: 'limits.memory', divisor: '1Mi' } },
            },
            { name: 'URL', value: 'http://$(IP):8000/$(NOTHING)/$$(NAME)' },
          ],
          command: ['/bin/echo'],
          args: ['$(NAME) $(APP) $(NODE) $(MEMORY) $(URL)'],
        }),
      ],
      restartPolicy: 'Never',
    });
    const pod = await k.untilPod('env', 'done', ({ status }) => status?.phase === 'Succeeded');
    expect(await k.log('env')).toBe(
      `env env minithena 64 http://${pod.status?.podIP}:8000/$(NOTHING)/$(NAME)\n`,
    );
  });

  it('ports are published on 127.0.0.1 and stay the same over a restart', async () => {
    k.add('ports', {
      containers: [k.container({ script: serve(8000), ports: [{ containerPort: 8000 }] })],
    });
    await k.ready('ports');
    const port = published('ports');
    const ask = async () => {
      try {
        return await (await fetch(`http://127.0.0.1:${port}/`)).text();
      } catch {
        return undefined;
      }
    };
    expect(await eventually('an answer', ask)).toBe('hello\n');
    await docker.getContainer((await inspect('ports')).Id).kill();
    await k.untilPod('ports', 'restarted', () => k.status('ports')?.restartCount === 1);
    await k.ready('ports');
    expect(published('ports')).toBe(port);
    expect(await eventually('an answer again', ask)).toBe('hello\n');
  });

  it('limits are the engine’s', async () => {
    k.add('limits', {
      containers: [k.container({ resources: { limits: { cpu: '500m', memory: '64Mi' } } })],
    });
    k.add('greedy', { containers: [k.container({ resources: { limits: { cpu: '4096' } } })] });
    await Promise.all([k.ready('limits'), k.ready('greedy')]);
    const { HostConfig } = await inspect('limits');
    expect(HostConfig).toMatchObject({ NanoCpus: 5e8, Memory: 64 * 2 ** 20, MemorySwap: 64 * 2 ** 20 });
    const { cpus } = await bed.engine.info();
    expect((await inspect('greedy')).HostConfig.NanoCpus).toBe(cpus * 1e9);
  });

  it('more memory than the limit ends it with OOMKilled, now and as the last state', async () => {
    const greedy = k.container({
      // The engine does not see the cause of a death in the first moments: one of its runs lasts long enough.
      script: 'sleep 1; exec dd if=/dev/zero of=/dev/null bs=200M count=5',
      resources: { limits: { memory: '16Mi' } },
    });
    const atWord = {
      ...greedy,
      command: ['/bin/sh', '-c', 'while [ ! -e /go ]; do sleep 0.1; done; exec tail /dev/zero'],
    };
    k.add('oom', { restartPolicy: 'Never', containers: [atWord] });
    k.add('oom-again', { containers: [greedy] });
    await k.ready('oom');
    await k.inside('oom', 'touch /go').catch(() => {});
    await k.untilPod('oom', 'failed', ({ status }) => status?.phase === 'Failed');
    const now = () => k.status('oom')?.state?.terminated;
    await k.untilPod('oom', 'the cause', () => now()?.reason === 'OOMKilled');
    expect(now()?.exitCode).toBe(137);
    const last = () => k.status('oom-again')?.lastState?.terminated;
    await k.untilPod('oom-again', 'the cause', () => last()?.reason === 'OOMKilled');
    await k.remove('oom-again');
  });
});

describe.concurrent('volumes', () => {
  it('an emptyDir is shared, survives a restart and goes with the pod', async () => {
    const volumeMounts = [{ name: 'shared', mountPath: '/shared' }];
    k.add('empty', {
      volumes: [{ name: 'shared', emptyDir: {} }],
      containers: [
        k.container({ name: 'writer', script: 'echo here > /shared/note; sleep 100000', volumeMounts }),
        k.container({ volumeMounts: [{ ...volumeMounts[0], readOnly: true } as never] }),
      ],
    });
    await k.ready('empty');
    const read = 'while [ ! -s /shared/note ]; do sleep 0.1; done; cat /shared/note; touch /shared/x 2>&1';
    expect((await k.inside('empty', read)).output).toMatch(/^here\n.*Read-only/);
    await docker.getContainer((await inspect('empty')).Id).kill();
    await k.untilPod('empty', 'restarted', () => k.status('empty')?.restartCount === 1);
    await k.ready('empty');
    expect((await k.inside('empty', 'cat /shared/note')).output).toBe('here\n');
    const ofPod = async () =>
      (await bed.engine.listVolumes()).filter((v) => v.labels[ownerLabel.podName] === 'empty').length;
    expect(await ofPod()).toBe(1);
    await k.remove('empty');
    expect(await ofPod()).toBe(0);
  });

  it('in memory: a tmpfs of the size asked for, kept over a restart; a part of it', async () => {
    k.add('memory', {
      volumes: [{ name: 'ram', emptyDir: { medium: 'Memory', sizeLimit: '8Mi' } }],
      containers: [
        k.container({
          volumeMounts: [
            { name: 'ram', mountPath: '/ram' },
            { name: 'ram', mountPath: '/part', subPath: 'sub/dir' },
          ],
        }),
      ],
    });
    await k.ready('memory');
    const { output } = await k.inside(
      'memory',
      'df -k /ram | tail -1; echo kept > /part/note; grep " /ram " /proc/mounts',
    );
    expect(output).toMatch(/ 8192 /);
    expect(output).toMatch(/tmpfs/);
    await docker.getContainer((await inspect('memory')).Id).kill();
    await k.untilPod('memory', 'restarted', () => k.status('memory')?.restartCount === 1);
    await k.ready('memory');
    expect((await k.inside('memory', 'cat /ram/sub/dir/note')).output).toBe('kept\n');
    await k.remove('memory');
  });

  it('at /dev/shm: its size, alone and shared by several', async () => {
    const volumes = [{ name: 'shm', emptyDir: { medium: 'Memory', sizeLimit: '96Mi' } }];
    const volumeMounts = [{ name: 'shm', mountPath: '/dev/shm' }];
    k.add('shm-alone', { volumes, containers: [k.container({ volumeMounts })] });
    k.add('shm-shared', {
      volumes,
      containers: [
        k.container({ name: 'other', script: 'echo there > /dev/shm/note; sleep 100000', volumeMounts }),
        k.container({ volumeMounts }),
      ],
    });
    await Promise.all([k.ready('shm-alone'), k.ready('shm-shared')]);
    const size = 'df -k /dev/shm | tail -1';
    expect((await k.inside('shm-alone', size)).output).toMatch(/ 98304 /);
    expect((await k.inside('shm-shared', size)).output).toMatch(/ 98304 /);
    const read = 'while [ ! -s /dev/shm/note ]; do sleep 0.1; done; cat /dev/shm/note';
    expect((await k.inside('shm-shared', read)).output).toBe('there\n');
  });

  it('a hostPath is bound; a missing one holds the pod with the reason until it is there', async () => {
    writeFileSync(join(folder, 'model'), 'weights\n');
    const pathVolume = (path: string, type?: string) => [
      { name: 'host', hostPath: { path, ...(type ? { type } : {}) } },
    ];
    const volumeMounts = [{ name: 'host', mountPath: '/host' }];
    k.add('host', {
      volumes: pathVolume(folder, 'Directory'),
      containers: [
        k.container({ script: 'echo from inside > /host/out; cat /host/model; sleep 100000', volumeMounts }),
      ],
    });
    const missing = join(folder, 'missing');
    k.add('host-missing', { volumes: pathVolume(missing), containers: [k.container({ volumeMounts })] });
    k.add('host-made', {
      volumes: pathVolume(join(folder, 'made'), 'DirectoryOrCreate'),
      containers: [k.container({ volumeMounts })],
    });
    await Promise.all([k.ready('host'), k.ready('host-made')]);
    await eventually('written through', () => existsSync(join(folder, 'out')));
    await eventually('read through', async () => (await k.log('host')) === 'weights\n');
    expect(existsSync(join(folder, 'made'))).toBe(true);
    const held = await k.untilPod(
      'host-missing',
      'held',
      (pod) => k.waiting(pod)?.reason === 'CreateContainerConfigError',
    );
    expect(k.waiting(held)).toMatchObject({
      reason: 'CreateContainerConfigError',
      message: `hostPath ${missing} does not exist`,
    });
    mkdirSync(missing);
    await k.ready('host-missing');
    expect(readFileSync(join(folder, 'out'), 'utf8')).toBe('from inside\n');
  });
});

describe.concurrent('probes', () => {
  const quick = { periodSeconds: 1, failureThreshold: 2, timeoutSeconds: 60 };

  it('readiness by HTTP follows the server’s answer', async () => {
    k.add('http', {
      containers: [
        k.container({
          script: serve(8000),
          ports: [{ name: 'web', containerPort: 8000 }],
          readinessProbe: { httpGet: { port: 'web', path: '/ready.html' }, ...quick },
        }),
      ],
    });
    await k.untilPod('http', 'unready', () => k.events('http', 'Unhealthy').some((m) => m.includes('404')));
    expect(k.condition(k.get('http'), 'Ready')).toBe('False');
    await k.inside('http', 'touch /www/ready.html');
    await k.ready('http');
    await k.inside('http', 'rm /www/ready.html');
    await k.untilPod('http', 'unready again', (pod) => k.condition(pod, 'Ready') === 'False');
    expect(k.status('http')?.restartCount).toBe(0);
  });

  it('readiness by TCP, and by a command', async () => {
    k.add('tcp', {
      containers: [
        k.container({
          script: `while [ ! -e /go ]; do sleep 0.1; done; ${serve(8000)}`,
          ports: [{ containerPort: 8000 }],
          readinessProbe: { tcpSocket: { port: 8000 }, ...quick },
        }),
      ],
    });
    k.add('exec', {
      containers: [
        k.container({ readinessProbe: { exec: { command: ['/bin/test', '-e', '/go'] }, ...quick } }),
      ],
    });
    for (const name of ['tcp', 'exec']) {
      await k.untilPod(name, 'unready', () => k.events(name, 'Unhealthy').length > 0);
      expect(k.condition(k.get(name), 'Ready')).toBe('False');
      await k.inside(name, 'touch /go');
      await k.ready(name);
    }
  });

  it('liveness restarts what hangs; startup holds it off until the start is done', async () => {
    k.add('alive', {
      containers: [
        k.container({
          script: 'touch /tmp-alive; sleep 1; touch /started; sleep 100000',
          startupProbe: {
            exec: { command: ['/bin/test', '-e', '/started'] },
            ...quick,
            failureThreshold: 60,
          },
          livenessProbe: { exec: { command: ['/bin/test', '-e', '/tmp-alive'] }, ...quick },
          readinessProbe: { exec: { command: ['/bin/test', '-e', '/started'] }, ...quick },
        }),
      ],
    });
    await k.ready('alive');
    expect(k.status('alive')).toMatchObject({ started: true, restartCount: 0 });
    await k.inside('alive', 'rm /tmp-alive');
    await k.untilPod('alive', 'restarted', () => k.status('alive')?.restartCount === 1);
    expect(k.events('alive', 'Killing').join()).toContain('failed liveness probe');
    await k.ready('alive');
  });
});

describe.concurrent('the life of a pod', () => {
  it('SIGTERM and the grace period, then SIGKILL', async () => {
    const tell = 'echo ready; while :; do sleep 0.1; done';
    const volumes = [{ name: 'host', hostPath: { path: folder } }];
    const volumeMounts = [{ name: 'host', mountPath: '/host' }];
    const trap = (then: string) => `trap '${then}' TERM; ${tell}`;
    k.add('polite', {
      terminationGracePeriodSeconds: 100_000,
      volumes,
      containers: [k.container({ script: trap('echo bye > /host/bye; exit 0'), volumeMounts })],
    });
    k.add('stubborn', {
      terminationGracePeriodSeconds: 1,
      volumes,
      containers: [k.container({ script: trap('echo no > /host/no'), volumeMounts })],
    });
    for (const name of ['polite', 'stubborn'])
      await eventually('the trap is set', async () =>
        k.status(name)?.started ? (await k.log(name)) !== '' : false,
      );
    await Promise.all([k.remove('polite'), k.remove('stubborn')]);
    expect(readFileSync(join(folder, 'bye'), 'utf8')).toBe('bye\n');
    expect(readFileSync(join(folder, 'no'), 'utf8')).toBe('no\n');
    expect(await k.containers('stubborn')).toEqual([]);
  });

  it('a shorter grace in the middle of a long one takes effect', async () => {
    k.add('hurry', {
      terminationGracePeriodSeconds: 100_000,
      containers: [k.container({ script: "trap '' TERM; echo set; while :; do sleep 0.1; done" })],
    });
    await k.ready('hurry');
    await eventually('the trap is set', async () => (await k.log('hurry')) !== '');
    k.store.markDeleted('pods', { namespace: 'ns', name: 'hurry' });
    await eventually('it is being stopped', () => k.events('hurry', 'Killing').length > 0);
    k.store.markDeleted('pods', { namespace: 'ns', name: 'hurry' }, 0);
    await eventually('it is gone', () => k.get('hurry') === undefined);
    expect(await k.containers('hurry')).toEqual([]);
  });

  it('a crash restarts it, the next one only after a pause, and the log of the last run is kept', async () => {
    k.add('crash', { containers: [k.container({ script: 'echo run; exit 3' })] });
    const pod = await k.untilPod(
      'crash',
      'backs off',
      (each) => k.waiting(each)?.reason === 'CrashLoopBackOff',
    );
    expect(k.status('crash')).toMatchObject({
      restartCount: 1,
      lastState: { terminated: { exitCode: 3, reason: 'Error' } },
    });
    expect(k.waiting(pod)?.message).toMatch(/^back-off 10s restarting failed container=main/);
    expect(pod.status?.phase).toBe('Running');
    expect(await k.log('crash', { previous: true })).toBe('run\n');
    await k.untilPod('crash', 'restarted', () => k.status('crash')?.restartCount === 2);
    await eventually('the old run is gone', async () => (await k.containers('crash')).length === 1);
  });

  it('a program that does not exist is told in the engine’s words', async () => {
    k.add('noprogram', { containers: [{ ...k.container(), command: ['/no/such/program'] }] });
    const held = await k.untilPod(
      'noprogram',
      'held',
      (pod) => k.waiting(pod)?.reason === 'RunContainerError',
    );
    expect(k.waiting(held)?.message).toContain('/no/such/program');
    await k.remove('noprogram');
  });

  it('an image that does not exist: ErrImagePull, then ImagePullBackOff', async () => {
    const reasons = new Set<string>();
    const watch = k.store.watch('pods', ({ object }) => {
      const reason = object.metadata.name === 'noimage' ? k.waiting(object)?.reason : undefined;
      if (reason) reasons.add(reason);
    });
    k.add('noimage', { containers: [k.container({ image: '127.0.0.1:1/none:1' })] });
    const pod = await k.untilPod('noimage', 'held', (each) => k.waiting(each)?.reason === 'ImagePullBackOff');
    await eventually('the watch has told it', () => reasons.has('ImagePullBackOff'));
    watch.close();
    expect([...reasons]).toEqual(['ContainerCreating', 'ErrImagePull', 'ImagePullBackOff']);
    expect(k.waiting(pod)?.message).toMatch(
      /^Back-off pulling image "127\.0\.0\.1:1\/none:1": ErrImagePull: .*refused/,
    );
    expect(pod.status?.phase).toBe('Pending');
    await k.remove('noimage');
  });

  it('an image of a registry is pulled, and Always falls back to the local one only where it was implied', async () => {
    const registry = await tinyRegistry((await bed.engine.info()).architecture);
    const image = `${registry.address}/tiny:good`;
    try {
      k.add('pulled', { containers: [k.container({ image, command: ['/none'] })] });
      await k.untilPod('pulled', 'pulled', () => k.events('pulled', 'Pulled').length > 0);
      expect(k.events('pulled', 'Pulled')[0]).toContain(`Successfully pulled image "${image}"`);
      await k.remove('pulled');
    } finally {
      await registry.close();
    }
    const latest = `${registry.address}/tiny`;
    await docker.getImage(image).tag({ repo: latest, tag: 'latest' });
    try {
      k.add('implied', { containers: [k.container({ image: latest, command: ['/none'] })] });
      await k.untilPod('implied', 'made', () => k.events('implied', 'Created').length > 0);
      expect(k.events('implied', 'PullFailed')[0]).toContain('the local one is used');
      k.add('always', { containers: [k.container({ image: latest, imagePullPolicy: 'Always' })] });
      await k.untilPod('always', 'held', (pod) => k.waiting(pod)?.reason === 'ImagePullBackOff');
      await Promise.all([k.remove('implied'), k.remove('always')]);
    } finally {
      for (const each of [image, `${latest}:latest`]) await docker.getImage(each).remove({ force: true });
    }
  });

  it('a host port that somebody else has holds the pod until it is free', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    k.add('taken', {
      containers: [k.container({ script: serve(8000), ports: [{ containerPort: 8000, hostPort: port }] })],
    });
    const held = await k.untilPod('taken', 'held', (pod) => k.waiting(pod)?.reason === 'RunContainerError');
    expect(k.waiting(held)?.message).toContain(`host port ${port} is taken by somebody else`);
    await new Promise((resolve) => other.close(resolve));
    await k.ready('taken');
    expect(published('taken')).toBe(port);
    expect(k.status('taken')?.restartCount).toBe(0);
  });
});

it('the workers of a role find its entry by ENTRY_ADDRESS, also the long way, and through its restart', async () => {
  const template = (script: string) => ({
    spec: { terminationGracePeriodSeconds: 0, containers: [k.container({ script })] },
  });
  const ask = (address: string) => `until wget -qO- http://${address}:8000/ 2>/dev/null; do sleep 0.2; done`;
  const role = {
    name: 'decode',
    replicas: 1,
    workerReplicas: 1,
    entryTemplate: template(serve(8000)),
    workerTemplate: template(
      `${ask('$ENTRY_ADDRESS')}; ${ask('$ENTRY_ADDRESS.svc.cluster.local')}; nslookup $ENTRY_ADDRESS >/dev/null; echo "asked $WORKER_INDEX of $GROUP_SIZE"; sleep 100000`,
    ),
  };
  const [entry = '', worker = ''] = [0, 1].map((podIndex) =>
    k.create(
      generatePod({
        modelServing: { name: 'sample', namespace: 'ns', uid: 'sample-uid' },
        group: 0,
        role,
        roleOrdinal: 0,
        podIndex,
        revision: 'r1',
        roleTemplateHash: 'h1',
      }),
    ),
  );
  await Promise.all([k.ready(entry), k.ready(worker)]);
  await eventually('all answers', async () => (await k.log(worker)).includes('asked 1 of 2'));
  expect(await k.log(worker)).toBe('hello\nhello\nasked 1 of 2\n');
  const ip = k.get(entry)?.status?.podIP;
  await docker.getContainer((await inspect(entry)).Id).kill();
  await k.untilPod(entry, 'restarted', () => k.status(entry)?.restartCount === 1);
  await k.ready(entry);
  const again = await k.inside(worker, `${ask('$ENTRY_ADDRESS')}`);
  expect(again.output).toMatch(/hello\n$/);
  expect(k.get(entry)?.status?.podIP).toBe(ip);
  // The other way round, by the pod's own name.
  expect((await k.inside(entry, `nslookup ${worker}`)).output).toContain(k.get(worker)?.status?.podIP);
});

it('in the end nothing is left', async () => {
  for (const pod of k.store.list('pods').items)
    k.store.markDeleted('pods', { ...pod.metadata, namespace: 'ns' }, 0);
  await eventually('no pods', () => k.store.list('pods').items.length === 0);
  await k.kubelet.removeLeftovers(true);
  expect(await bed.engine.listContainers()).toEqual([]);
  expect(await bed.engine.listVolumes()).toEqual([]);
  expect(await bed.engine.listNetworks?.()).toEqual([]);
});
