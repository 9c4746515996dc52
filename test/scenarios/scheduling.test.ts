import { afterEach, describe, expect, it } from 'vitest';
import { scenario } from './harness.js';
import { fakeGpus, withGpus } from './scheduling.js';
import { simulatedBed } from './simulated-bed.js';

describe('room on the node, on the simulated engine', () => {
  let close: () => Promise<void> = async () => {};
  afterEach(() => close());
  const begin = async (gpus: number, slots = 1) => {
    const s = await scenario({ ...simulatedBed(), capacity: fakeGpus(gpus, slots) });
    close = s.close;
    const bound = () => s.pods().flatMap((pod) => (pod.spec.nodeName ? pod.metadata.name : []));
    const gpusOf = (name: string) =>
      s.store.get('pods', 'default', name)?.metadata.annotations?.['minithena.dev/gpus'];
    const said = (name: string) =>
      s.store.get('pods', 'default', name)?.status?.conditions?.find((each) => each.type === 'PodScheduled')
        ?.message;
    const events = (name: string, reason: string) =>
      s.store
        .list('events')
        .items.filter((each) => each.involvedObject.name === name && each.reason === reason)
        .map((each) => each.message);
    const group = (ordinal: number) => s.store.get('servinggroups', 'default', `sample-${ordinal}`)?.status;
    return { s, bound, gpusOf, said, events, group };
  };
  const short = '0/1 nodes are available: 1 Insufficient nvidia.com/gpu (1 requested, 0 free).';

  it('lower ordinals come first, the others say why they wait, and start when a pod goes or the node grows', async () => {
    const { s, bound, gpusOf, said, events, group } = await begin(2);
    s.apply(1, [withGpus(s.role('prefill', 4), 1)]);
    await s.until('two run', () => bound().length === 2);
    expect(bound()).toEqual(['sample-0-prefill-0-0', 'sample-0-prefill-1-0']);
    expect([gpusOf('sample-0-prefill-0-0'), gpusOf('sample-0-prefill-1-0')]).toEqual([
      'main=fake-0',
      'main=fake-1',
    ]);
    await s.until('the others say why', () => said('sample-0-prefill-3-0') === short);
    expect(events('sample-0-prefill-2-0', 'FailedScheduling')).toEqual([short]);
    await s.until('so does their group', () => group(0)?.reason === 'InsufficientGPU');
    expect(group(0)?.message).toContain(short);
    expect(s.holds().filter((hold) => hold.reason === 'InsufficientGPU').length).toBe(2);
    s.setCapacity(fakeGpus(3));
    await s.until('a third runs', () => bound().length === 3);
    expect(gpusOf('sample-0-prefill-2-0')).toBe('main=fake-2');
    s.apply(1, [withGpus(s.role('prefill', 3), 1)]);
    await s.converge();
  });

  it('a gang starts whole: two that fit one after the other never hold parts', async () => {
    const { s, bound, group, events } = await begin(3);
    const roles = [withGpus(s.role('decode', 1), 1), withGpus(s.role('prefill', 1), 1)];
    const template = (gpus: boolean) => ({
      template: {
        restartGracePeriodSeconds: 0,
        roles,
        ...(gpus && { gangPolicy: { minRoleReplicas: { decode: 1, prefill: 1 } } }),
      },
    });
    s.apply(2, roles, template(true));
    await s.until('the first runs', () => bound().length >= 2);
    for (const name of bound()) {
      await s.until(`${name} runs`, () => s.store.get('pods', 'default', name)?.status?.phase === 'Running');
      await s.allow(name);
    }
    await s.until('the second says why', () => group(1)?.reason === 'GangWaiting');
    const message =
      '0/1 nodes are available: 1 Insufficient nvidia.com/gpu (2 requested by the 2 pods of gang sample-1, 1 free).';
    expect(group(1)?.message).toBe(message);
    expect(events('sample-1-decode-0-0', 'FailedScheduling')).toContain(message);
    expect(bound().length).toBe(2);
    s.setCapacity(fakeGpus(4));
    await s.until('both run', () => bound().length === 4);
    await s.converge();
  });

  it('pods that share a device start one after another, each when the one before is Ready', async () => {
    const { s, bound, said } = await begin(1, 2);
    s.apply(1, [withGpus(s.role('decode', 1), 1), withGpus(s.role('prefill', 1), 1)]);
    await s.until('one runs', () => bound().length === 1);
    const held = 'GPU fake-0 is shared, and pod sample-0-decode-0-0 on it is not Ready yet.';
    await s.until('the other waits', () => said('sample-0-prefill-0-0') === held);
    await s.until('and its role says so', () =>
      s.store
        .list('roles')
        .items.some((each) => each.status.message.includes('pod sample-0-decode-0-0 on it is not Ready yet')),
    );
    expect(bound()).toEqual(['sample-0-decode-0-0']);
    await s.allow('sample-0-decode-0-0');
    await s.until('both run', () => bound().length === 2);
    await s.converge();
  });
});
