/** Models that the goldens and tests look at: each a state that a reader can meet. */
import type { Cell, Pod, Resources } from '../../../src/api/types/resources.js';
import { keyBindings, replayBindingsOf } from '../../../src/tui/keys.js';
import { applyChanges, type Heard } from '../../../src/tui/model/apply-changes.js';
import { type Model, startModel, type Watched, watched } from '../../../src/tui/model/model.js';
import type { FailedRun, TuiInfo } from '../../../src/tui/tui-client.js';
import {
  condition,
  event,
  modelServing,
  nowMs,
  operation,
  pod,
  roleInstance,
  servingGroup,
} from './sample-objects.js';

export const added = <K extends Watched>(resource: K, ...objects: Resources[K][]): Heard[] =>
  objects.map((object) => ({ resource, change: { type: 'ADDED', object } }) as Heard);
export const allSynced: Heard[] = watched.map(
  (resource) => ({ resource, change: { type: 'SYNCED' } }) as Heard,
);

export const info: TuiInfo = {
  version: '0.1.0',
  engine: { kind: 'docker', version: '20.10.24', reachable: true, message: '' },
  diagnostics: [],
};
const size = { columns: 80, rows: 24 };
const live = (batch: readonly Heard[]): Model => ({
  ...applyChanges(startModel('default', size), [...batch, ...allSynced]),
  info,
});

function groups(serving: string, count: number): Heard[] {
  return Array.from({ length: count }, (_, ordinal) => [
    ...added('servinggroups', servingGroup(serving, ordinal)),
    ...added('roles', roleInstance(serving, ordinal, 'decode'), roleInstance(serving, ordinal, 'prefill')),
    ...added('pods', pod(serving, ordinal, 'decode'), pod(serving, ordinal, 'prefill')),
  ]).flat();
}
const ok = (count: number): Cell[] => Array.from({ length: count }, () => '✅');

/** Nothing heard yet. */
export const connecting = startModel('default', size);
/** A daemon that watches nothing. */
export const nothing = live([]);
/** Two groups, all Running, after the operation that created them. */
export const running = live([
  ...added('modelservings', modelServing('sample', 2)),
  ...groups('sample', 2),
  ...added(
    'scalingoperations',
    operation(
      'sample',
      1,
      'replicas 0 → 2',
      [
        [['⏳'], 'Scaling up started, the replica with the highest ordinal (G-0) is creating'],
        [['✅', '⏳'], 'G-0 is created, G-1 is creating'],
        [['✅', '✅'], 'Scale completed'],
      ],
      { phase: 'Complete' },
    ),
  ),
  ...added(
    'events',
    event(
      { kind: 'ModelServing', name: 'sample' },
      'Normal',
      'RoleRunning',
      'Role prefill/prefill-0 in ServingGroup sample-1 is now Running',
      70,
    ),
    event({ kind: 'Pod', name: 'sample-1-decode-0-0' }, 'Normal', 'Started', 'Started container vllm', 75),
  ),
]);
const scalingStatus = {
  availableReplicas: 3,
  conditions: [condition('Progressing', 'GroupProgressing', 'Some groups is progressing: G-3')],
};
/** 3 → 4: G-3 is creating, one of its pods cannot pull its image. */
export const scaling = live([
  ...added('modelservings', modelServing('sample', 4, scalingStatus)),
  ...groups('sample', 3),
  ...added(
    'servinggroups',
    servingGroup('sample', 3, 'Creating', ['ErrImagePull', 'sample-3-decode-0-0: no such image']),
  ),
  ...added('roles', roleInstance('sample', 3, 'prefill'), roleInstance('sample', 3, 'decode', 0, 'Creating')),
  ...added(
    'pods',
    pod('sample', 3, 'prefill'),
    pod('sample', 3, 'decode', {
      ready: false,
      phase: 'Pending',
      state: { waiting: { reason: 'ErrImagePull', message: 'no such image: minithena/vllm-standin:lates' } },
    }),
  ),
  ...added(
    'scalingoperations',
    operation('sample', 1, 'replicas 0 → 3', [[ok(3), 'Scale completed']], { phase: 'Complete' }),
    operation(
      'sample',
      2,
      'replicas 3 → 4',
      [
        [ok(3), 'Before scaling up'],
        [[...ok(3), '⏳'], 'Scaling up started, the replica with the highest ordinal (G-3) is creating'],
      ],
      {
        holds: [
          {
            subject: 'G-3/decode-0',
            reason: 'ErrImagePull',
            message: 'no such image: minithena/vllm-standin:lates; trying again in 20s',
          },
        ],
      },
    ),
  ),
  ...added(
    'events',
    event(
      { kind: 'ModelServing', name: 'sample' },
      'Normal',
      'MissingOrdinal',
      'G-3 is created: replicas 3 → 4',
      40,
    ),
    event(
      { kind: 'Pod', name: 'sample-3-decode-0-0' },
      'Warning',
      'ErrImagePull',
      'no such image: minithena/vllm-standin:lates',
      12,
      3,
    ),
  ),
]);
/** 1 → 2: the image of a pod of G-1 is being pulled. */
export const pulling = live([
  ...added(
    'modelservings',
    modelServing('sample', 2, {
      availableReplicas: 1,
      conditions: [condition('Progressing', 'GroupProgressing', 'Some groups is progressing: G-1')],
    }),
  ),
  ...groups('sample', 1),
  ...added('servinggroups', servingGroup('sample', 1, 'Creating')),
  ...added('roles', roleInstance('sample', 1, 'decode', 0, 'Creating')),
  ...added(
    'pods',
    pod('sample', 1, 'decode', {
      ready: false,
      phase: 'Pending',
      state: {
        waiting: {
          reason: 'ContainerCreating',
          message: 'Pulling image "vllm/vllm-openai:v0.6.3": 1.2/4.7 GiB (25 %)',
        },
      },
    }),
  ),
]);
/** prefill 1 → 2 over four groups, at G-2. */
export const roleScaling = live([
  ...added('modelservings', modelServing('sample', 4, scalingStatus)),
  ...groups('sample', 4),
  ...added(
    'scalingoperations',
    operation('sample', 2, 'prefill 1 → 2', [
      [ok(4), 'Before scaling'],
      [
        ['❎', '❎', '❎', '⏳'],
        'Scaling up started, the roles in the replica with the highest ordinal (G-3) is now scaling',
      ],
      [['❎', '❎', '⏳', '✅'], 'G-3 is scaled. The roles in next replica (G-2) is now scaling'],
    ]),
  ),
]);
/** Forty groups; G-31 is worked on. */
export const wide = live([
  ...added('modelservings', modelServing('sample', 40, scalingStatus)),
  ...groups('sample', 40),
  ...added(
    'scalingoperations',
    operation('sample', 2, 'decode 1 → 2', [
      [ok(40), 'Before scaling'],
      [
        Array.from(
          { length: 40 },
          (_, ordinal): Cell => (ordinal < 31 ? '❎' : ordinal === 31 ? '⏳' : '✅'),
        ),
        'G-32 is scaled. The roles in next replica (G-31) is now scaling',
      ],
    ]),
  ),
]);
/** A hundred groups in the middle of a role's scaling, stage by stage. */
export const hundred = live([
  ...added('modelservings', modelServing('sample', 100, scalingStatus)),
  ...groups('sample', 100),
  ...added(
    'scalingoperations',
    operation('sample', 1, 'replicas 0 → 100', [[ok(100), 'Scale completed']], { phase: 'Complete' }),
    operation('sample', 2, 'decode 1 → 2', [
      [ok(100), 'Before scaling'],
      ...Array.from({ length: 40 }, (_, step): [Cell[], string] => {
        const at = 99 - step;
        const cells = Array.from(
          { length: 100 },
          (__, ordinal): Cell => (ordinal < at ? '❎' : ordinal === at ? '⏳' : '✅'),
        );
        return [cells, `G-${at + 1} is scaled. The roles in next replica (G-${at}) is now scaling`];
      }),
    ]),
  ),
]);
/** G-1 decode crashes, its readiness never came, and the scheduler has no GPU for G-2. */
export const failing = live([
  ...added(
    'modelservings',
    modelServing('sample', 3, {
      availableReplicas: 1,
      conditions: [condition('Progressing', 'GroupProgressing', 'Some groups is progressing: G-1, G-2')],
    }),
  ),
  ...groups('sample', 1),
  ...added(
    'servinggroups',
    servingGroup('sample', 1, 'Creating', [
      'CrashLoopBackOff',
      'sample-1-decode-0-0: back-off 20s restarting failed container=vllm pod=sample-1-decode-0-0',
    ]),
    servingGroup('sample', 2, 'Creating', ['PodsNotReady', 'G-2 waits until its pods are ready']),
  ),
  ...added(
    'roles',
    roleInstance('sample', 1, 'prefill'),
    roleInstance('sample', 1, 'decode', 0, 'Creating'),
    roleInstance('sample', 2, 'decode', 0, 'Creating'),
  ),
  ...added(
    'pods',
    annotated(pod('sample', 1, 'prefill'), {
      'minithena.dev/published-ports': '8000→127.0.0.1:49152',
      'minithena.dev/gpus': 'vllm=0,1',
    }),
    pod('sample', 1, 'decode', {
      ready: false,
      restarts: 2,
      state: {
        waiting: {
          reason: 'CrashLoopBackOff',
          message: 'back-off 20s restarting failed container=vllm pod=sample-1-decode-0-0',
        },
      },
    }),
    unscheduled(pod('sample', 2, 'decode', { ready: false, phase: 'Pending' })),
  ),
  ...added(
    'events',
    event(
      { kind: 'Pod', name: 'sample-1-decode-0-0' },
      'Warning',
      'BackOff',
      'back-off 20s restarting',
      9,
      2,
    ),
    event(
      { kind: 'Pod', name: 'sample-1-decode-0-0' },
      'Warning',
      'Unhealthy',
      'Readiness probe failed: HTTP probe failed with statuscode: 503: loading',
      30,
      4,
    ),
  ),
]);
function annotated(object: Pod, annotations: Record<string, string>): Pod {
  return { ...object, metadata: { ...object.metadata, annotations } };
}
function unscheduled(object: Pod): Pod {
  const message =
    '0/1 nodes are available: 1 Insufficient nvidia.com/gpu (2 requested, 1 free and kept for G-1, which came first).';
  return {
    ...object,
    status: {
      phase: 'Pending',
      conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message }],
    },
  };
}
/** What the daemon keeps of the crash. */
export const crash: FailedRun = {
  pod: 'sample-1-decode-0-0',
  container: 'vllm',
  attempt: 2,
  exitCode: 137,
  signal: 'SIGKILL',
  reason: 'Error',
  message: 'no CUDA device',
  finishedAt: new Date(nowMs - 11_000).toISOString(),
  log: 'loading weights\n\x1b[31mRuntimeError: \x1b]0;owned\x07no CUDA-capable device is detected\n',
};
const invalidServing = modelServing('sample', 2);
/** The file was saved with a mistake. */
export const invalid: Model = {
  ...running,
  data: {
    ...running.data,
    modelservings: new Map([
      [
        'default/sample',
        {
          ...invalidServing,
          metadata: {
            ...invalidServing.metadata,
            annotations: {
              ...invalidServing.metadata.annotations,
              'minithena.dev/invalid-spec':
                'UnknownField examples/prefill-decode.yaml:7:3 `replica` is not a field of spec; did you mean `replicas`?',
            },
          },
        },
      ],
    ]),
  },
};
/** The engine does not answer, and neither does the daemon. */
export const engineDown: Model = {
  ...running,
  info: {
    ...info,
    engine: { ...info.engine, reachable: false, message: 'connect ENOENT /var/run/docker.sock' },
  },
};
export const daemonLost = applyChanges(running, [
  { resource: 'pods', change: { type: 'DISCONNECTED', message: 'connect ECONNREFUSED 127.0.0.1:7443' } },
]);
/** Everything is wrong at once. */
export const worst: Model = { ...invalid, info: engineDown.info, connection: daemonLost.connection };
/** Two ModelServings, the second on screen. */
export const twoServings: Model = {
  ...applyChanges(running, [...added('modelservings', modelServing('other', 1)), ...groups('other', 1)]),
  serving: 'default/other',
};
/** A dozen ModelServings in two namespaces; the last one is on screen. */
export const manyServings: Model = {
  ...applyChanges(
    running,
    Array.from({ length: 11 }, (_, index) => {
      const serving = modelServing(`m${index}`, 1);
      return added('modelservings', {
        ...serving,
        metadata: { ...serving.metadata, namespace: index < 5 ? 'default' : 'team' },
      });
    }).flat(),
  ),
  serving: 'team/m10',
};

/** G-1 of a ModelServing waits, and its name is where everything has to fit in. */
const named = (name: string, message: string): Model =>
  live([
    ...added('modelservings', modelServing(name, 2, { ...scalingStatus, availableReplicas: 1 })),
    ...groups(name, 1),
    ...added('servinggroups', servingGroup(name, 1, 'Creating', ['ErrImagePull', message])),
    ...added('roles', roleInstance(name, 1, 'decode', 0, 'Creating')),
    ...added(
      'pods',
      pod(name, 1, 'decode', {
        ready: false,
        phase: 'Pending',
        state: { waiting: { reason: 'ErrImagePull', message } },
      }),
    ),
    ...added(
      'scalingoperations',
      operation(
        name,
        2,
        'replicas 1 → 2',
        [
          [ok(1), 'Before scaling up'],
          [['✅', '⏳'], `Scaling up started: ${message}`],
        ],
        { holds: [{ subject: 'G-1/decode-0', reason: 'ErrImagePull', message }] },
      ),
    ),
    ...added(
      'events',
      event({ kind: 'Pod', name: `${name}-1-decode-0-0` }, 'Warning', 'ErrImagePull', message, 12, 3),
    ),
  ]);
/** Names as long as Kubernetes lets them be, and a message without a space to break at. */
export const longNames = named(
  'a-model-serving-whose-name-is-as-long-as-a-label-is-ever-let-be',
  `no such image: registry.example/${'deep/'.repeat(20)}vllm:latest`,
);
/** Wide signs, marks that combine (also with wide ones), letters from right to left, an emoji of several code points. */
export const anyScript = named(
  '模型-サンプル-e\u0323\u0302-か\u0323-नमस्ते-שלום-👩‍🔬',
  '이미지를 찾을 수 없습니다: レジストリ/模型:最新 n\u0303o\u0304 é 👩‍🔬🇫🇷',
);

/** A recording that stands in its middle, and one at its end. */
export const replayed: Model = {
  ...scaling,
  replay: { positionMs: 12_000, lengthMs: 100_000, speed: 4, paused: true, ended: false },
  bindings: replayBindingsOf(keyBindings),
};
export const replayEnded: Model = {
  ...running,
  replay: { positionMs: 100_000, lengthMs: 100_000, speed: 'max', paused: false, ended: true },
  bindings: replayBindingsOf(keyBindings),
};
