import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ModelServing, RoleSpec } from '../../src/api/types/model-serving.js';
import { type Controller, startController } from '../../src/controller/start-controller.js';
import { keepNode } from '../../src/daemon/keep-node.js';
import type { NodeCapacity } from '../../src/daemon/node-capacity.js';
import { restoreStore } from '../../src/daemon/restore-store.js';
import type { Engine } from '../../src/kubelet/engine.js';
import { type Kubelet, startKubelet } from '../../src/kubelet/start-kubelet.js';
import type { Clock } from '../../src/lib/clock.js';
import { silentLogger } from '../../src/lib/logger.js';
import { startScheduler } from '../../src/scheduler/start-scheduler.js';
import { createObjectStore } from '../../src/store/create-object-store.js';
import { startJournal } from '../../src/store/journal.js';
import type { ObjectStore } from '../../src/store/object-store.js';
import { openRecords } from '../../src/store/records.js';

/** What differs between the engines that a scenario runs on. */
export interface Bed {
  engine: Engine;
  clock: Clock;
  cluster: { name: string; id: string };
  image: string;
  /** Absent: what the engine has, without GPUs. */
  capacity?: NodeCapacity;
  /** Lets work and time go on a little. */
  turn(): Promise<void>;
  /** How many turns a wait may take. */
  patience: number;
  /** Lets the pods that wait become ready. */
  allow(podName: string): Promise<void>;
  /** Ends its containers with an exit code that is none of ours. */
  fail(podName: string): Promise<void>;
  /** An image that cannot be had. */
  badImage: string;
  close(): Promise<void>;
}

const namespace = 'default';

/** Controller, scheduler and kubelet over one store, as the daemon wires them, with files and API left out. */
export async function scenario(bed: Bed) {
  const stateDir = mkdtempSync(join(tmpdir(), 'scenario-'));
  let parts = await start(bed, stateDir);
  const name = 'sample';

  const role = (
    roleName: string,
    replicas: number,
    version = '1',
    more: { workers?: number; image?: string; graceSeconds?: number } = {},
  ): RoleSpec => {
    const template = templateOf(version, more);
    const workerReplicas = more.workers ?? 0;
    return {
      name: roleName,
      replicas,
      workerReplicas,
      entryTemplate: template,
      ...(workerReplicas > 0 && { workerTemplate: template }),
    };
  };
  const templateOf = (
    version: string,
    { image = bed.image, graceSeconds = 0 }: { image?: string; graceSeconds?: number },
  ): RoleSpec['entryTemplate'] => ({
    spec: {
      terminationGracePeriodSeconds: graceSeconds,
      containers: [
        {
          name: 'main',
          image,
          ...(image === bed.badImage && { imagePullPolicy: 'Never' }),
          command: ['/bin/busybox', 'sleep', '1000000'],
          env: [{ name: 'VERSION', value: version }],
          readinessProbe: {
            exec: { command: ['/bin/busybox', 'test', '-e', '/ready'] },
            periodSeconds: 1,
            failureThreshold: 1,
            // A busy machine is no failure.
            timeoutSeconds: 30,
          },
        },
      ],
    },
  });

  const apply = (
    replicas: number,
    roles: RoleSpec[],
    more: Partial<ModelServing['spec']> = {},
    annotations: Record<string, string> = {},
  ) => {
    const before = parts.store.get('modelservings', namespace, name);
    const spec: ModelServing['spec'] = {
      replicas,
      recoveryPolicy: 'RoleRecreate',
      rolloutStrategy: { type: 'ServingGroupRollingUpdate' },
      template: { restartGracePeriodSeconds: 0, roles },
      ...more,
    };
    const object: ModelServing = {
      apiVersion: 'workload.serving.volcano.sh/v1alpha1',
      kind: 'ModelServing',
      metadata: { name, namespace, annotations },
      spec,
    };
    if (before)
      parts.store.update('modelservings', {
        ...before,
        spec,
        metadata: { ...withoutVersion(before), annotations },
      });
    else parts.store.create('modelservings', object);
  };

  const pods = () => parts.store.list('pods').items;
  const isReady = (podName: string) =>
    parts.store
      .get('pods', namespace, podName)
      ?.status?.conditions?.some((each) => each.type === 'Ready' && each.status === 'True') === true;
  const status = () => parts.store.get('modelservings', namespace, name)?.status;

  const until = async (what: string, holds: () => boolean) => {
    for (let turn = 0; turn < bed.patience; turn++) {
      if (holds()) return;
      await bed.turn();
    }
    const seen = pods().map(
      (pod) => `${pod.metadata.name} ${pod.status?.phase} ${isReady(pod.metadata.name)}`,
    );
    const op = parts.store.list('scalingoperations').items.at(-1);
    throw new Error(`never: ${what}\n${seen.join('\n')}\n${JSON.stringify(op?.status, null, 1)}`);
  };

  /** Readies whatever runs until nothing is in progress. */
  const converge = async () => {
    const done = () => {
      const object = parts.store.get('modelservings', namespace, name);
      if (!object) return true;
      const now = object.status;
      return (
        now?.observedGeneration === object.metadata.generation &&
        now?.conditions.some((each) => each.type === 'Available' && each.status === 'True') === true &&
        parts.store.list('scalingoperations').items.every((each) => each.status.phase !== 'Running')
      );
    };
    for (let turn = 0; turn < bed.patience; turn++) {
      if (done()) return;
      for (const pod of pods()) {
        if (pod.status?.phase === 'Running' && !isReady(pod.metadata.name))
          await bed.allow(pod.metadata.name);
      }
      await bed.turn();
    }
    await until('converged', () => false);
  };

  /** Calls to the engine that are under way end by its own time, which the bed may have to move. */
  const ended = async (stopping: Promise<void>) => {
    let over = false;
    const done = stopping.finally(() => {
      over = true;
    });
    while (!over) await bed.turn();
    await done;
  };

  return {
    get store() {
      return parts.store;
    },
    role,
    apply,
    pods,
    isReady,
    isRunning: (podName: string) => parts.store.get('pods', namespace, podName)?.status?.phase === 'Running',
    isGone: () => parts.store.list('modelservings').items.length === 0,
    status,
    until,
    converge,
    allow: bed.allow,
    fail: bed.fail,
    badImage: bed.badImage,
    podNames: () => pods().map((pod) => pod.metadata.name),
    uidOf: (podName: string) => parts.store.get('pods', namespace, podName)?.metadata.uid,
    /** Why the group is not further, as it is shown. */
    reasonOf: (group: number) =>
      parts.store.get('servinggroups', namespace, `${name}-${group}`)?.status.reason,
    /** The node has this much from now on. */
    setCapacity(capacity: NodeCapacity) {
      bed.capacity = capacity;
      parts.tellNode();
    },
    remove: () => parts.store.markDeleted('modelservings', { namespace, name }),
    /** The last operation as lines: cells | note. */
    table: (at = -1) =>
      parts.store
        .list('scalingoperations')
        .items.at(at)
        ?.status.stages.map(
          ({ cells, note }) => `${cells.map((cell) => cell || '  ').join(' ')} | ${note}`,
        ) ?? [],
    /** The same without the notes. */
    cells: () =>
      parts.store
        .list('scalingoperations')
        .items.at(-1)
        ?.status.stages.map(({ cells }) => cells.map((cell) => cell || '  ').join(' ')) ?? [],
    operations: () =>
      parts.store.list('scalingoperations').items.map((each) => `${each.spec.change}: ${each.status.phase}`),
    holds: () => parts.store.list('scalingoperations').items.at(-1)?.status.holds ?? [],
    /** All parts end without any farewell to the engine, and start again from disk and containers. */
    async restart() {
      await ended(parts.stop());
      parts = await start(bed, stateDir);
    },
    async close() {
      await ended(parts.stop());
      await bed.close();
      rmSync(stateDir, { recursive: true, force: true });
    },
  };
}

const withoutVersion = ({ metadata }: ModelServing): ModelServing['metadata'] => {
  const { resourceVersion: _version, ...rest } = metadata;
  return rest;
};

async function start(bed: Bed, stateDir: string) {
  const { engine, clock, cluster } = bed;
  const store: ObjectStore = createObjectStore({ clock });
  const records = openRecords(stateDir);
  restoreStore(store, records);
  const journal = startJournal({ directory: stateDir, store, logger: silentLogger });
  const info = await engine.info();
  const onContact = () => {
    const { capacity } = bed;
    keepNode({ store, clock, info, state: kubelet.engineState(), ...(capacity && { capacity }) });
  };
  const logger = silentLogger;
  const kubelet: Kubelet = startKubelet({ engine, store, clock, logger, cluster, stateDir, onContact });
  await kubelet.ready;
  const scheduler = startScheduler({ store, clock });
  const controller: Controller = startController({
    store,
    clock,
    records,
    logger: silentLogger,
    rules: 'ordinal',
  });
  return {
    store,
    tellNode: onContact,
    async stop() {
      await controller.close();
      scheduler.close();
      await kubelet.close();
      await journal.close();
    },
  };
}
