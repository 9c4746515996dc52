import { expect, it } from 'vitest';
import { meteredEngine } from '../../../src/kubelet/metered-engine.js';
import { simulatedEngine } from '../../../src/kubelet/simulated/simulated-engine.js';
import { systemClock } from '../../../src/lib/clock.js';

it('counts calls by name and outcome, hands their answers on, and lacks what the engine lacks', async () => {
  const simulated = simulatedEngine({ clock: systemClock, cluster: { name: 'c', id: 'c' } });
  const { engine, calls } = meteredEngine(simulated);
  expect((await engine.info()).kind).toBe('simulated');
  expect(await engine.listContainers()).toEqual([]);
  await expect(engine.exec('none', ['true'], { timeoutMs: 1 })).rejects.toThrow('No such container');
  engine.disconnect('away');
  await expect(engine.info()).rejects.toThrow('away');
  engine.watch(() => {}, AbortSignal.abort());
  expect(calls.get('info')).toMatchObject({ succeeded: 1, failed: 1 });
  expect(calls.get('exec')).toMatchObject({ succeeded: 0, failed: 1 });
  expect([...calls.keys()].sort()).toEqual(['exec', 'info', 'listContainers']);
  expect(engine.openExec).toBeUndefined();
});
