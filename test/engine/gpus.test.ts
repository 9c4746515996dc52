import { afterEach, expect, it } from 'vitest';
import { ownerLabel } from '../../src/api/labels.js';
import { scenario } from '../scenarios/harness.js';
import { fakeGpus, withGpus } from '../scenarios/scheduling.js';
import { dockerBed } from './docker-bed.js';

let close: () => Promise<void> = async () => {};
afterEach(() => close());

it('GPUs are exclusive, told inside the container, and still known when everything starts anew', async () => {
  const bed = await dockerBed('gpus');
  const s = await scenario({ ...bed, capacity: fakeGpus(2) });
  close = s.close;
  const roles = (decode: number) => [withGpus(s.role('decode', decode), 1), s.role('router', 1)];
  s.apply(1, roles(2));
  await s.converge();

  const visible = async () => {
    const found: Record<string, string> = {};
    for (const { containerId, labels } of await bed.engine.listContainers()) {
      const asked = await bed.engine.exec(
        containerId,
        ['/bin/busybox', 'sh', '-c', 'echo $NVIDIA_VISIBLE_DEVICES'],
        {
          timeoutMs: 20_000,
        },
      );
      found[labels[ownerLabel.podName] ?? ''] = `${asked.output.trim()} ${labels[ownerLabel.gpus] ?? '-'}`;
    }
    return found;
  };
  const before = {
    'sample-0-decode-0-0': '0 fake-0',
    'sample-0-decode-1-0': '1 fake-1',
    'sample-0-router-0-0': 'void -',
  };
  expect(await visible()).toEqual(before);

  await s.restart();
  const gpusOf = (name: string) =>
    s.store.get('pods', 'default', name)?.metadata.annotations?.['minithena.dev/gpus'];
  expect([gpusOf('sample-0-decode-0-0'), gpusOf('sample-0-decode-1-0')]).toEqual([
    'main=fake-0',
    'main=fake-1',
  ]);
  // A third finds nothing free: what runs was not forgotten.
  s.apply(1, roles(3));
  await s.until('the third waits', () =>
    s
      .pods()
      .some(
        (pod) =>
          pod.metadata.name === 'sample-0-decode-2-0' &&
          pod.status?.conditions?.some((each) => each.message?.includes('(1 requested, 0 free)')),
      ),
  );
  expect(await visible()).toEqual(before);
  s.apply(1, roles(1));
  await s.converge();
  expect(await visible()).toEqual({ 'sample-0-decode-0-0': '0 fake-0', 'sample-0-router-0-0': 'void -' });
});
