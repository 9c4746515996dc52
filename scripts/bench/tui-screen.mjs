/**
 * The terminal UI over a daemon that never rests: 200 pods that change ten times a second each, a log of 10,000 lines a second.
 * `--still`: the log only. `--soak FILE`: an hour of it all, as fast as it is taken; the heap after each twelfth of it goes into the file.
 */
import { writeFileSync } from 'node:fs';
import { setInterval } from 'node:timers';
import { runTui } from '../../dist/tui/run-tui.js';

const namespace = 'default';
const groupCount = 100;
const roles = ['prefill', 'decode'];
const createdAt = new Date().toISOString();
const meta = (name, more = {}) => ({ name, namespace, creationTimestamp: createdAt, ...more });
const serving = {
  kind: 'ModelServing',
  metadata: meta('bench', { generation: 1 }),
  spec: {
    replicas: groupCount,
    template: { roles: roles.map((name) => ({ name, replicas: 1, workerReplicas: 0, entryTemplate: {} })) },
  },
  status: { observedGeneration: 1, replicas: groupCount, availableReplicas: groupCount, conditions: [] },
};
const groups = Array.from({ length: groupCount }, (_, ordinal) => ({
  kind: 'ServingGroup',
  metadata: meta(`bench-${ordinal}`),
  spec: { modelServing: 'bench', ordinal, revision: 'r', counts: { prefill: 1, decode: 1 } },
  status: {
    phase: 'Creating',
    reason: 'PodsNotReady',
    message: 'waits',
    readyPods: 1,
    totalPods: 2,
    restarts: 0,
  },
}));
const instances = groups.flatMap((group) =>
  roles.map((role) => ({
    kind: 'Role',
    metadata: meta(`${group.metadata.name}-${role}-0`),
    spec: {
      modelServing: 'bench',
      group: group.metadata.name,
      groupOrdinal: group.spec.ordinal,
      role,
      roleId: `${role}-0`,
      ordinal: 0,
      revision: 'r',
    },
    status: {
      phase: 'Creating',
      reason: 'PodsNotReady',
      message: 'waits',
      readyPods: 0,
      totalPods: 1,
      restarts: 0,
    },
  })),
);
const pod = ({ spec, metadata }, restarts, uid = `${metadata.name}-0`) => ({
  kind: 'Pod',
  metadata: meta(`${metadata.name}-0`, {
    uid,
    labels: {
      'modelserving.volcano.sh/name': 'bench',
      'modelserving.volcano.sh/group-name': spec.group,
      'modelserving.volcano.sh/role': spec.role,
      'modelserving.volcano.sh/role-id': spec.roleId,
    },
  }),
  spec: { containers: [{ name: 'vllm', image: 'bench' }] },
  status: {
    phase: 'Running',
    podIP: '10.0.0.1',
    conditions: [{ type: 'Ready', status: restarts % 2 === 0 ? 'True' : 'False' }],
    containerStatuses: [
      {
        name: 'vllm',
        image: 'bench',
        imageID: '',
        ready: restarts % 2 === 0,
        restartCount: restarts,
        state: { running: { startedAt: createdAt } },
      },
    ],
  },
});
const firstLists = {
  modelservings: [serving],
  servinggroups: groups,
  roles: instances,
  pods: instances.map((each) => pod(each, 0)),
};

const soakFile = process.argv[process.argv.indexOf('--soak') + 1 || Infinity];
const waiting = [];
let tellPods = () => {};
let tellEvents = () => {};
const client = {
  watch(resource, _options, onChange) {
    for (const object of firstLists[resource] ?? []) onChange({ type: 'ADDED', object });
    onChange({ type: 'SYNCED' });
    if (resource === 'pods') tellPods = onChange;
    if (resource === 'events') tellEvents = onChange;
  },
  async *logs(_source, signal) {
    for (let line = 0; !signal.aborted; ) {
      let text = '';
      const now = new Date().toISOString();
      // Two containers of the group, each half of it.
      for (const end = line + 500; line < end; line += 1)
        text += `${now} INFO 07-01 12:00:00 [loggers.py:118] Engine 000: prompt throughput: ${line} tokens/s\n`;
      yield text;
      await new Promise((resolve) => (soakFile ? waiting.push(resolve) : setTimeout(resolve, 100)));
    }
  },
  scale: async () => {},
  control: {
    info: async () => ({
      version: 'bench',
      engine: { kind: 'bench', version: '1', reachable: true, message: '' },
      diagnostics: [],
    }),
    plan: async () => ({ stages: [] }),
  },
};

// Every tenth of a second each pod has changed: told one by one, as a watch does.
const variants = [1, 2].map((restarts) => instances.map((each) => pod(each, restarts)));
let round = 0;
const load =
  process.argv.includes('--still') || soakFile
    ? undefined
    : setInterval(() => {
        round += 1;
        for (const object of variants[round % 2]) tellPods({ type: 'MODIFIED', object });
      }, 100);
process.on('SIGUSR2', () => {
  clearInterval(load);
  for (const each of instances) tellPods({ type: 'MODIFIED', object: pod(each, 77) });
});

/** Each tick is a tenth of a second: every pod changed, a thousand lines; each second an event comes and an old one goes, a pod goes and comes. */
async function soak() {
  const ticks = 36_000;
  const heaps = [];
  const event = (number) => ({
    kind: 'Event',
    metadata: meta(`bench-0-prefill-0-0.${number}`),
    type: 'Warning',
    reason: 'Unhealthy',
    message: `Readiness probe failed for the ${number}th time`,
    involvedObject: { kind: 'Pod', name: 'bench-0-prefill-0-0', namespace },
    count: 1,
    lastTimestamp: new Date().toISOString(),
  });
  for (let tick = 1; tick <= ticks; tick += 1) {
    for (const each of instances) tellPods({ type: 'MODIFIED', object: pod(each, tick) });
    for (const resume of waiting.splice(0)) resume();
    if (tick % 10 === 0) {
      tellEvents({ type: 'ADDED', object: event(tick) });
      if (tick > 5000) tellEvents({ type: 'DELETED', object: event(tick - 5000) });
      const gone = instances[(tick / 10) % instances.length];
      tellPods({ type: 'DELETED', object: pod(gone, tick) });
      tellPods({ type: 'ADDED', object: pod(gone, 0, `${gone.metadata.name}-0.${tick}`) });
    }
    await new Promise((resolve) => setImmediate(resolve));
    if (tick % (ticks / 12) !== 0) continue;
    // What was heard is drawn first.
    await new Promise((resolve) => setTimeout(resolve, 1000));
    globalThis.gc();
    heaps.push(process.memoryUsage());
    writeFileSync(soakFile, JSON.stringify(heaps));
  }
}

if (soakFile) void soak();
await runTui({ client, cluster: 'bench', ascii: false });
process.exit(0);
