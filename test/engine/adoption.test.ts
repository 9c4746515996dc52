import { afterEach, expect, it } from 'vitest';
import { label, ownerLabel } from '../../src/api/labels.js';
import type { Engine } from '../../src/kubelet/engine.js';
import { carrierName, sandboxImage } from '../../src/kubelet/map/needs-sandbox.js';
import { AppError } from '../../src/lib/app-error.js';
import { scenario } from '../scenarios/harness.js';
import { dockerBed } from './docker-bed.js';

let close: () => Promise<void> = async () => {};
afterEach(() => close());

type Run = { containerId: string; startedAtMs: number | undefined };

async function begin(name: string, wrap: (engine: Engine) => Engine = (engine) => engine) {
  const bed = await dockerBed(name);
  const s = await scenario({ ...bed, engine: wrap(bed.engine) });
  close = s.close;
  return { s, engine: bed.engine };
}

/** By pod and container: which container it is and since when it runs. */
async function runs(engine: Engine): Promise<Map<string, Run>> {
  const found = new Map<string, Run>();
  for (const { containerId, labels } of await engine.listContainers()) {
    const details = await engine.inspectContainer(containerId);
    const key = `${labels[ownerLabel.podName]}/${labels[ownerLabel.container]}`;
    if (found.has(key)) throw new Error(`${key} has two containers`);
    found.set(key, { containerId, startedAtMs: details?.startedAtMs });
  }
  return found;
}
const podsOf = (found: Map<string, Run>) => [...new Set([...found.keys()].map((key) => key.split('/')[0]))];
const restarts = (s: Awaited<ReturnType<typeof scenario>>) =>
  s.pods().reduce((sum, pod) => sum + (pod.status?.containerStatuses?.[0]?.restartCount ?? 0), 0);

/** Contact is cut after the engine has done what it was asked for and before it said so, once for each thing that is asked. */
function losingAnswers(engine: Engine): Engine {
  const lost = new Set<string>();
  const lose = async <T>(what: string, call: () => Promise<T>): Promise<T> => {
    const answer = await call();
    if (lost.has(what)) return answer;
    lost.add(what);
    throw new AppError('EngineUnreachable', 'the engine does not answer: read ECONNRESET');
  };
  return {
    ...engine,
    createContainer: (spec) => lose(`create ${spec.name}`, () => engine.createContainer(spec)),
    startContainer: (id) => lose(`start ${id}`, () => engine.startContainer(id)),
    stopContainer: (id, grace) => lose(`stop ${id}`, () => engine.stopContainer(id, grace)),
    removeContainer: (id) => lose(`remove ${id}`, () => engine.removeContainer(id)),
    ensureNetwork: (namespace) => lose(`network ${namespace}`, () => engine.ensureNetwork(namespace)),
    ensureVolume: (volume, ...rest) => lose(`volume ${volume}`, () => engine.ensureVolume(volume, ...rest)),
    removeVolume: (volume) => lose(`no volume ${volume}`, () => engine.removeVolume(volume)),
  };
}

it('answers that are lost on the way double nothing', async () => {
  const { s, engine } = await begin('lost', losingAnswers);
  const role = s.role('prefill', 2);
  const spec = role.entryTemplate.spec;
  if (spec) spec.volumes = [{ name: 'shared', emptyDir: {} }];
  for (const container of spec?.containers ?? [])
    container.volumeMounts = [{ name: 'shared', mountPath: '/shared' }];
  s.apply(1, [role]);
  await s.converge();
  expect(podsOf(await runs(engine)).length).toBe(2);
  expect((await engine.listVolumes()).length).toBe(2);
  expect(restarts(s)).toBe(0);
  s.remove();
  await s.until('it is gone', () => s.store.list('modelservings').items.length === 0);
  expect(await engine.listContainers()).toEqual([]);
  expect(await engine.listVolumes()).toEqual([]);
});
const group = (...ordinals: number[]) => ordinals.map((at) => `sample-${at}-prefill-0-0`);

it('at rest: nothing is restarted or changed, and readiness is known at once', async () => {
  const { s, engine } = await begin('rest');
  s.apply(2, [{ ...s.role('prefill', 1), workerReplicas: 1, workerTemplate: s.role('x', 1).entryTemplate }]);
  await s.converge();
  const before = await runs(engine);
  expect(before.size).toBe(6); // entry, its sandbox and a worker, twice
  await s.restart();
  expect(s.pods().every((pod) => s.isReady(pod.metadata.name))).toBe(true);
  await s.converge();
  await s.restart();
  await s.converge();
  expect(await runs(engine)).toEqual(before);
  expect(restarts(s)).toBe(0);
  expect(s.operations().length).toBe(1);
});

it('in the middle of creating, again and again: every pod comes once', async () => {
  const { s, engine } = await begin('create');
  s.apply(3, [s.role('prefill', 1)]);
  for (let wanted = 1; wanted <= 3; wanted++) {
    await s.until(`pod ${wanted} is there`, () => s.pods().length >= wanted);
    const before = await runs(engine);
    await s.restart();
    const after = await runs(engine);
    for (const [key, run] of before) {
      if (run.startedAtMs !== undefined) expect([key, after.get(key)]).toEqual([key, run]);
    }
    const pod = `sample-${wanted - 1}-prefill-0-0`;
    await s.until(`${pod} runs`, () =>
      s.pods().some((each) => each.metadata.name === pod && each.status?.phase === 'Running'),
    );
    await s.allow(pod);
  }
  await s.converge();
  expect(podsOf(await runs(engine)).sort()).toEqual(group(0, 1, 2));
  expect((await runs(engine)).size).toBe(3);
  expect(restarts(s)).toBe(0);
  expect(s.operations().at(-1)).toContain('Complete');
});

it.each([
  ['up', 'scaling up', 3, group(0, 1, 2), group(0, 1)],
  ['down', 'scaling down', 1, group(0), group(0)],
] as const)('%s: in the middle of %s', async (name, _what, replicas, left, untouched) => {
  const { s, engine } = await begin(name);
  s.apply(2, [s.role('prefill', 1)]);
  await s.converge();
  const before = await runs(engine);
  s.apply(replicas, [s.role('prefill', 1)]);
  await s.until('it began', () => s.operations().length === 2);
  await s.restart();
  await s.restart();
  await s.converge();
  const after = await runs(engine);
  expect(podsOf(after).sort()).toEqual(left);
  for (const pod of untouched) expect(after.get(`${pod}/main`)).toEqual(before.get(`${pod}/main`));
  expect(restarts(s)).toBe(0);
  expect(s.operations()).toEqual([expect.stringContaining('Complete'), expect.stringContaining('Complete')]);
});

it('in the middle of scaling a role: the pods that were there are untouched', async () => {
  const { s, engine } = await begin('role');
  s.apply(2, [s.role('prefill', 1)]);
  await s.converge();
  const before = await runs(engine);
  s.apply(2, [s.role('prefill', 2)]);
  for (const at of [1, 0]) {
    const pod = `sample-${at}-prefill-1-0`;
    await s.until(`${pod} runs`, () =>
      s.pods().some((each) => each.metadata.name === pod && each.status?.phase === 'Running'),
    );
    await s.restart();
    await s.allow(pod);
  }
  await s.converge();
  expect(s.cells()).toEqual(['✅ ✅', '❎ ⏳', '⏳ ✅', '✅ ✅']);
  const after = await runs(engine);
  expect(after.size).toBe(4);
  for (const [key, run] of before) expect(after.get(key)).toEqual(run);
  expect(restarts(s)).toBe(0);
});

it('in the middle of a roll-out: every group is replaced once', async () => {
  const { s, engine } = await begin('rollout');
  s.apply(2, [s.role('prefill', 1)]);
  await s.converge();
  const before = await runs(engine);
  s.apply(2, [s.role('prefill', 1, '2')]);
  await s.until('it began', () => s.operations().length === 2);
  await s.restart();
  const fresh = () => s.pods().find((pod) => pod.metadata.name === 'sample-1-prefill-0-0');
  await s.until(
    'the new G-1 runs',
    () => fresh()?.status?.phase === 'Running' && !s.isReady('sample-1-prefill-0-0'),
  );
  const middle = (await runs(engine)).get('sample-1-prefill-0-0/main');
  await s.restart();
  await s.converge();
  const after = await runs(engine);
  expect(after.size).toBe(2);
  for (const [key, run] of before) expect(after.get(key)?.containerId).not.toBe(run.containerId);
  expect(after.get('sample-1-prefill-0-0/main')).toEqual(middle);
  expect(restarts(s)).toBe(0);
  expect(s.status()).toMatchObject({ updatedReplicas: 2, availableReplicas: 2 });
});

it('in the middle of a deletion: it goes on, and nothing is left', async () => {
  const { s, engine } = await begin('deletion');
  s.apply(2, [s.role('prefill', 1)]);
  await s.converge();
  s.remove();
  await s.until('it began', () => s.operations().length === 2);
  await s.restart();
  await s.until('it is gone', () => s.store.list('modelservings').items.length === 0);
  expect(await engine.listContainers()).toEqual([]);
  expect(s.operations().at(-1)).toContain('Complete');
});

it('what only carried files when the daemon was killed is no container of the pod', async () => {
  const { s, engine } = await begin('carrier');
  s.apply(1, [s.role('prefill', 1)]);
  await s.converge();
  const before = await runs(engine);
  const [found] = await engine.listContainers();
  const { owner, cluster, clusterId, namespace, podName, podUid, modelServingUid, container } = ownerLabel;
  const kept = [owner, cluster, clusterId, namespace, podName, podUid, modelServingUid];
  const labels = Object.fromEntries(kept.map((key) => [key, found?.labels[key] ?? '']));
  await engine.createContainer({
    name: `${found?.name}-carrier`,
    image: sandboxImage,
    labels: { ...labels, [container]: carrierName },
    env: [],
    network: { kind: 'none' },
    ports: [],
    mounts: [],
  });
  await s.restart();
  await s.converge();
  expect(await runs(engine)).toEqual(before);
  expect(s.pods().map((pod) => pod.metadata.labels?.[label.role])).toEqual(['prefill']);
});
