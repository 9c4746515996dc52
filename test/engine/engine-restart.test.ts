import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ownerLabel } from '../../src/api/labels.js';
import type { ContainerDetails, Engine } from '../../src/kubelet/engine.js';
import { scenario } from '../scenarios/harness.js';
import { dockerBed } from './docker-bed.js';
import { noPrivateDockerd, privateDockerd } from './private-dockerd.js';

const why = noPrivateDockerd ? ` (left out: ${noPrivateDockerd})` : '';
describe.skipIf(noPrivateDockerd)(`an engine that is started again${why}`, () => {
  let dockerd: Awaited<ReturnType<typeof privateDockerd>>;
  let close: () => Promise<void> = async () => {};
  beforeAll(async () => {
    dockerd = await privateDockerd();
  });
  afterEach(async () => {
    // A test that failed in the middle must not take the next ones along.
    await dockerd.ensure();
    await close();
  });
  afterAll(() => dockerd.close());

  /** Pods of one container that obeys SIGTERM and ends first, and pods with a sandbox whose containers have to be killed. */
  async function begin(name: string) {
    const bed = await dockerBed(name, dockerd.connection);
    const { engine } = bed;
    const meanwhile: { happens?: () => Promise<void> } = {};
    const wrapped: Engine = {
      ...engine,
      async info() {
        const { happens } = meanwhile;
        delete meanwhile.happens;
        await happens?.();
        return engine.info();
      },
    };
    const s = await scenario({ ...bed, engine: wrapped });
    close = s.close;
    const obedient = s.role('decode', 2);
    for (const container of obedient.entryTemplate.spec?.containers ?? [])
      container.command = ['/bin/sh', '-c', 'trap "exit 0" TERM; while :; do sleep 0.1; done'];
    const shared = s.role('prefill', 1);
    s.apply(1, [
      { ...shared, workerReplicas: 1, workerTemplate: structuredClone(shared.entryTemplate) },
      obedient,
    ]);
    await s.converge();
    const details = async () => {
      const found: ContainerDetails[] = [];
      for (const { containerId } of await engine.listContainers()) {
        const one = await engine.inspectContainer(containerId);
        if (one) found.push(one);
      }
      return found.sort((a, b) => a.name.localeCompare(b.name));
    };
    const before = await details();
    expect(before.length).toBe(5);
    const told = () =>
      s.store
        .list('events')
        .items.filter((each) => each.reason === 'EngineRestarted')
        .map((each) => each.involvedObject.name);

    const startedInPlace = async () => {
      await s.until('all are started again', () => new Set(told()).size === 4);
      await s.converge();
      await s.until('all are ready', () => s.pods().every((pod) => s.isReady(pod.metadata.name)));
      const after = await details();
      expect(after.map((each) => each.containerId)).toEqual(before.map((each) => each.containerId));
      expect(after.every((each) => each.state === 'running')).toBe(true);
      for (const [at, each] of after.entries())
        expect(each.startedAtMs).toBeGreaterThan(before[at]?.startedAtMs ?? 0);
      expect(after.map((each) => each.labels[ownerLabel.podIp])).toEqual(
        before.map((each) => each.labels[ownerLabel.podIp]),
      );
      expect(
        s.pods().flatMap((pod) => (pod.status?.containerStatuses ?? []).map((c) => c.restartCount)),
      ).toEqual([0, 0, 0, 0]);
      expect(s.operations().length).toBe(1);
      expect(s.store.list('events').items.filter((each) => each.reason === 'PodFailed')).toEqual([]);
    };
    return { s, meanwhile, startedInPlace };
  }

  it('after it was stopped: its pods are started in place, and nothing counts as failed', async () => {
    const { s, startedInPlace } = await begin('stopped');
    const uids = s.pods().map((pod) => pod.metadata.uid);
    await dockerd.stop('SIGTERM');
    const ready = s.pods().map((pod) => s.isReady(pod.metadata.name));
    expect(ready).toEqual([true, true, true, true]);
    await dockerd.start();
    await startedInPlace();
    expect(s.pods().map((pod) => pod.metadata.uid)).toEqual(uids);
  });

  it('after it was killed', async () => {
    const { startedInPlace } = await begin('killed');
    await dockerd.stop('SIGKILL');
    await dockerd.start();
    await startedInPlace();
  });

  it('while we were away', async () => {
    const { s, meanwhile, startedInPlace } = await begin('away');
    meanwhile.happens = async () => {
      await dockerd.stop('SIGTERM');
      await dockerd.start();
    };
    await s.restart();
    expect(meanwhile.happens).toBeUndefined();
    await startedInPlace();
  });
});
