import { simulatedEngine } from '../../src/kubelet/simulated/simulated-engine.js';
import { manualClock } from '../../src/lib/manual-clock.js';
import type { Bed } from './harness.js';

/** The simulated engine on a clock that the scenario drives; a pod is ready once it was allowed to be. */
export function simulatedBed(): Bed & { engine: ReturnType<typeof simulatedEngine> } {
  const clock = manualClock();
  const cluster = { name: 'scenario', id: 'id1' };
  const engine = simulatedEngine({ clock, cluster });
  engine.breakImage('busybox:bad');
  const allowed = new Set<string>();
  engine.onProbe((podName) => {
    const container = engine.containers().find((each) => each.labels['minithena.dev/pod'] === podName);
    return container !== undefined && allowed.has(container.labels['minithena.dev/pod-uid'] ?? '');
  });
  return {
    engine,
    clock,
    cluster,
    image: 'busybox:1',
    patience: 400,
    async turn() {
      for (let step = 0; step < 20; step++) await new Promise((resolve) => setImmediate(resolve));
      clock.advance(250);
    },
    async allow(podName) {
      for (const each of engine.containers()) {
        if (each.labels['minithena.dev/pod'] === podName)
          allowed.add(each.labels['minithena.dev/pod-uid'] ?? '');
      }
    },
    async fail(podName) {
      engine.exit(podName, 3);
    },
    badImage: 'busybox:bad',
    close: async () => engine.close(),
  };
}
