import { realpathSync, rmSync } from 'node:fs';
import type { Container, Probe } from 'kubernetes-types/core/v1.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { label } from '../../src/api/labels.js';
import { imageBuilder } from '../../src/kubelet/docker/build-image.js';
import { findEngine } from '../../src/kubelet/docker/find-engine.js';
import { silentLogger } from '../../src/lib/logger.js';

import { ensureStandIn } from '../../src/standin/ensure-stand-in.js';
import { compileServer } from '../unit/standin/compile-server.js';
import { dockerBed } from './docker-bed.js';
import { eventually } from './eventually.js';
import { kubeletBed } from './kubelet-bed.js';

const tag = 'minithena/test-standin-node:latest';
let serverFolder = '';
let bed: Awaited<ReturnType<typeof dockerBed>>;
let k: Awaited<ReturnType<typeof kubeletBed>>;
beforeAll(async () => {
  bed = await dockerBed('lifecycle');
  serverFolder = compileServer();
  await ensureStandIn({
    images: await imageBuilder(await findEngine()),
    logger: silentLogger,
    serverFolder,
    tag,
  });
  k = await kubeletBed(bed);
});
afterAll(async () => {
  await k.close();
  await bed.close();
  rmSync(serverFolder, { recursive: true, force: true });
});
/** A health service that serves from the third time on that it is asked. */
const healthServer = `
const { Server, ServerCredentials } = require('@grpc/grpc-js');
const raw = (bytes) => bytes;
const check = {
  path: '/grpc.health.v1.Health/Check', requestStream: false, responseStream: false,
  requestSerialize: raw, requestDeserialize: raw, responseSerialize: raw, responseDeserialize: raw,
};
let asked = 0;
const server = new Server();
server.addService({ check }, {
  check: (call, answer) => answer(null, Buffer.from([8, ++asked > 2 ? 1 : 2])),
});
server.bindAsync('0.0.0.0:50051', ServerCredentials.createInsecure(), () => {});
process.on('SIGTERM', () => process.exit(0));
`;
const shell = (script: string) => ({ exec: { command: ['/bin/sh', '-c', script] } });
/** A script that writes down its end, in a volume that another pod of the test keeps. */
const untilTerm = (last: string) => `trap '${last}; exit 0' TERM; echo set; while :; do sleep 0.05; done`;
/** Process 1 ignores what it has no trap for, and that it runs does not say that the trap is set. */
const trapped = (pod: string, container = 'main') =>
  eventually(`the trap of ${container} of ${pod} is set`, async () =>
    (await k.log(pod, { container })).includes('set'),
  );

describe.concurrent('the life of a pod', () => {
  it('postStart runs before it counts as running; one that fails ends the container', async () => {
    k.add('begun', {
      containers: [
        k.container({
          lifecycle: { postStart: shell('echo hooked > /hooked; while [ ! -f /go ]; do sleep 0.05; done') },
        }),
      ],
    });
    const pod = await k.untilPod('begun', 'held by its hook', (p) =>
      /postStart/.test(k.waiting(p)?.message ?? ''),
    );
    expect(k.condition(pod, 'Ready')).toBe('False');
    expect(
      (await k.inside('begun', 'while [ ! -s /hooked ]; do sleep 0.05; done; cat /hooked; touch /go')).output,
    ).toBe('hooked\n');
    await k.ready('begun');
    expect(k.status('begun')?.restartCount).toBe(0);
    k.add('unbegun', {
      containers: [k.container({ lifecycle: { postStart: shell('echo no >&2; exit 7') } })],
    });
    await eventually('the hook’s failure', () =>
      k.events('unbegun', 'FailedPostStartHook').some((said) => /exited with 7: no/.test(said)),
    );
    await k.remove('unbegun');
  });

  it('preStop comes before the stop signal, and a grace that it uses up is not given twice', async () => {
    k.add('ordered', {
      terminationGracePeriodSeconds: 20,
      volumes: [{ name: 'v', persistentVolumeClaim: { claimName: 'words' } }],
      containers: [
        k.container({
          script: untilTerm('echo term >> /v/words'),
          lifecycle: { preStop: shell('echo prestop >> /v/words') },
          volumeMounts: [{ name: 'v', mountPath: '/v' }],
        }),
      ],
    });
    k.store.create('persistentvolumeclaims', {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name: 'words', namespace: 'ns' },
      spec: {},
    });
    await k.ready('ordered');
    await trapped('ordered');
    await k.remove('ordered');
    k.add('reader', {
      volumes: [{ name: 'v', persistentVolumeClaim: { claimName: 'words' } }],
      containers: [k.container({ volumeMounts: [{ name: 'v', mountPath: '/v' }] })],
    });
    await k.ready('reader');
    expect((await k.inside('reader', 'cat /v/words')).output).toBe('prestop\nterm\n');
    k.add('hanging', {
      terminationGracePeriodSeconds: 1,
      containers: [k.container({ lifecycle: { preStop: shell('sleep 100000') } })],
    });
    await k.ready('hanging');
    await k.remove('hanging');
    expect(k.events('hanging', 'FailedPreStopHook').join()).toMatch(/did not end within 1 s/);
  });

  it('sidecars end after the others, and with the signal that was asked for', async () => {
    const sidecar = {
      ...k.container({
        name: 'side',
        script: "trap 'echo side >> /v/words; exit 0' USR1; echo set; while :; do sleep 0.05; done",
        volumeMounts: [{ name: 'v', mountPath: '/v' }],
      }),
      restartPolicy: 'Always',
      lifecycle: { stopSignal: 'SIGUSR1' },
    };
    k.store.create('persistentvolumeclaims', {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name: 'order', namespace: 'ns' },
      spec: {},
    });
    const volumes = [{ name: 'v', persistentVolumeClaim: { claimName: 'order' } }];
    k.add('sides', {
      terminationGracePeriodSeconds: 20,
      volumes,
      initContainers: [sidecar as Container],
      containers: [
        k.container({
          script: untilTerm('sleep 0.3; echo main >> /v/words'),
          volumeMounts: [{ name: 'v', mountPath: '/v' }],
        }),
      ],
    });
    await k.ready('sides');
    await Promise.all([trapped('sides'), trapped('sides', 'side')]);
    await k.remove('sides');
    k.add('sidesreader', {
      volumes,
      containers: [k.container({ volumeMounts: [{ name: 'v', mountPath: '/v' }] })],
    });
    await k.ready('sidesreader');
    expect((await k.inside('sidesreader', 'cat /v/words')).output).toBe('main\nside\n');
  });

  it('a gate keeps it from being ready until its condition is True', async () => {
    k.add('gated', { readinessGates: [{ conditionType: 'x.test/model' }], containers: [k.container()] });
    const held = await k.untilPod('gated', 'running', (p) => k.condition(p, 'ContainersReady') === 'True');
    expect([held.status?.phase, k.condition(held, 'Ready')]).toEqual(['Running', 'False']);
    const status = k.get('gated')?.status ?? {};
    const { uid = '' } = held.metadata;
    const own = { type: 'x.test/model', status: 'True' };
    k.store.updateStatus(
      'pods',
      { namespace: 'ns', name: 'gated', uid },
      { ...status, conditions: [...(status.conditions ?? []), own] },
    );
    await k.ready('gated');
  });

  it('OnFailure: what ends well is done, what fails is run again', async () => {
    k.add('job', { restartPolicy: 'OnFailure', containers: [k.container({ script: 'exit 0' })] });
    await k.untilPod('job', 'done', (p) => p.status?.phase === 'Succeeded');
    k.add('retried', { restartPolicy: 'OnFailure', containers: [k.container({ script: 'exit 4' })] });
    await k.untilPod('retried', 'run again', () => (k.status('retried')?.restartCount ?? 0) > 0);
    k.add('never', { restartPolicy: 'Never', containers: [k.container({ script: 'exit 4' })] });
    await k.untilPod('never', 'failed', (p) => p.status?.phase === 'Failed');
  });

  it('its last failures outlive it, with their last words', async () => {
    const labels = { [label.modelServing]: 'ms', [label.group]: 'ms-0', [label.roleId]: 'decode-0' };
    const create = (script: string) =>
      k.create({
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: 'ms-0-decode-0-0', namespace: 'ns', labels },
        spec: {
          restartPolicy: 'Never',
          terminationGracePeriodSeconds: 0,
          containers: [
            k.container({
              script,
              env: [{ name: 'TOKEN', value: 's3cret' }],
              terminationMessagePath: '/why',
              terminationMessagePolicy: 'FallbackToLogsOnError',
            }),
          ],
        },
      });
    const failures = () => k.kubelet.failures({ namespace: 'ns', name: 'ms-0-decode-0-0' });
    for (const at of [1, 2, 3, 4]) {
      create(
        at === 4 ? 'echo last words; exit 4' : `echo out of tokens ${at} > /why; echo run ${at}; exit ${at}`,
      );
      await k.untilPod('ms-0-decode-0-0', 'failed', (p) => p.status?.phase === 'Failed');
      await eventually('its failure is kept', () => failures()[0]?.exitCode === at);
      if (at < 4) await k.remove('ms-0-decode-0-0');
    }
    expect(failures().map(({ exitCode, message, log }) => [exitCode, message, log])).toEqual([
      [4, 'last words', 'last words\n'],
      [3, 'out of tokens 3\n', 'run 3\n'],
      [2, 'out of tokens 2\n', 'run 2\n'],
    ]);
    expect(JSON.stringify(failures())).toMatch(/"TOKEN"/);
    expect(JSON.stringify(failures())).not.toMatch(/s3cret/);
    await k.remove('ms-0-decode-0-0');
    create('sleep 1000000');
    await k.ready('ms-0-decode-0-0');
    // The new one has not run before: the log is of the one in whose place it came.
    expect(await k.log('ms-0-decode-0-0', { previous: true })).toBe('last words\n');
  });

  it('OnFailure with a sidecar: it is done when its containers are, and the sidecar goes', async () => {
    const sidecar = { ...k.container({ name: 'side', script: untilTerm('true') }), restartPolicy: 'Always' };
    k.add('batch', {
      restartPolicy: 'OnFailure',
      terminationGracePeriodSeconds: 20,
      initContainers: [sidecar as Container],
      containers: [k.container({ script: 'sleep 0.3; echo done > /why', terminationMessagePath: '/why' })],
    });
    await k.untilPod('batch', 'done', (p) => p.status?.phase === 'Succeeded');
    await eventually('its sidecar is gone', () => k.status('batch', 'side')?.state?.terminated !== undefined);
    await eventually('its message', () => k.status('batch')?.state?.terminated?.message === 'done\n');
  });

  it('is killed for memory, and that is kept with the signal', async () => {
    k.add('greedy', {
      restartPolicy: 'Never',
      containers: [
        k.container({
          script: 'while [ ! -e /go ]; do sleep 0.05; done; exec tail /dev/zero',
          resources: { limits: { memory: '16Mi' } },
        }),
      ],
    });
    // The engine does not see the cause of a death in the first moments.
    await k.ready('greedy');
    await k.inside('greedy', 'touch /go').catch(() => {});
    await k.untilPod('greedy', 'failed', (p) => p.status?.phase === 'Failed');
    await eventually('the cause', () => k.status('greedy')?.state?.terminated?.reason === 'OOMKilled');
    const kept = await eventually(
      'it is kept',
      () => k.kubelet.failures({ namespace: 'ns', name: 'greedy' })[0],
    );
    expect(kept).toMatchObject({ exitCode: 137, signal: 'SIGKILL' });
    await eventually(
      'the cause is kept',
      () => k.kubelet.failures({ namespace: 'ns', name: 'greedy' })[0]?.reason === 'OOMKilled',
    );
  });

  it('a gRPC probe asks the health service of its container', async () => {
    k.add('grpc', {
      volumes: [
        { name: 'modules', hostPath: { path: realpathSync('node_modules') } },
        { name: 'v', emptyDir: {} },
      ],
      containers: [
        k.container({
          image: tag,
          command: ['/usr/local/bin/node', '-e', healthServer],
          env: [{ name: 'NODE_PATH', value: '/modules' }],
          readinessProbe: {
            grpc: { port: 50051, service: 'model' },
            periodSeconds: 1,
            timeoutSeconds: 60,
          } as Probe,
          volumeMounts: [{ name: 'modules', mountPath: '/modules', readOnly: true }],
        }),
      ],
    });
    await eventually('it is said not to serve', () =>
      k.events('grpc', 'Unhealthy').some((said) => /NOT_SERVING/.test(said)),
    );
    await k.ready('grpc');
  });
});
