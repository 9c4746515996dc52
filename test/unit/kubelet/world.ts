import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PodSpec } from 'kubernetes-types/core/v1.js';
import { afterEach } from 'vitest';
import { type SimulatedDelays, simulatedEngine } from '../../../src/kubelet/simulated/simulated-engine.js';
import { startKubelet } from '../../../src/kubelet/start-kubelet.js';
import { silentLogger } from '../../../src/lib/logger.js';
import { manualClock } from '../../../src/lib/manual-clock.js';
import { createObjectStore } from '../../../src/store/create-object-store.js';

const owner = { apiVersion: 'v', kind: 'ModelServing', name: 'ms', uid: 'ms-uid', controller: true };
const cluster = { name: 'c', id: 'id1' };
// What a developer has logged in to, and with which helper, is nothing of these tests.
process.env.DOCKER_CONFIG = '/nowhere/docker';
export const cleanups: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean();
});

/** Lets everything that needs no time happen. */
export const settle = async () => {
  for (let turn = 0; turn < 30; turn++) await new Promise((resolve) => setImmediate(resolve));
};

/** A kubelet, an empty store and the simulated engine on one manual clock. */
export async function world(delays: Partial<SimulatedDelays> = {}) {
  const clock = manualClock();
  const stateDir = mkdtempSync(join(tmpdir(), 'kubelet-'));
  const engine = simulatedEngine({ clock, cluster, delays });
  const boot = () => {
    const store = createObjectStore({ clock });
    const kubelet = startKubelet({ engine, store, clock, logger: silentLogger, cluster, stateDir });
    return { store, kubelet };
  };
  const { store, kubelet } = boot();
  cleanups.push(() => rmSync(stateDir, { recursive: true, force: true }));
  cleanups.push(() => kubelet.close());
  const pass = async (ms: number) => {
    for (let left = ms; left >= 0; left -= 100) {
      await settle();
      clock.advance(Math.min(100, Math.max(left, 0)));
    }
    await settle();
  };
  const add = (spec: Partial<PodSpec> = {}, name = 'p') =>
    store.create('pods', {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, namespace: 'ns', ownerReferences: [owner] },
      spec: {
        nodeName: 'minithena',
        containers: [{ name: 'main', image: 'i:1', ports: [{ containerPort: 80 }] }],
        ...spec,
      },
    });
  const get = (name = 'p') => store.get('pods', 'ns', name);
  const ready = (name = 'p') => get(name)?.status?.conditions?.find((c) => c.type === 'Ready')?.status;
  const main = (name = 'p') => get(name)?.status?.containerStatuses?.[0];
  await settle();
  const waiting = (name = 'p') => main(name)?.state?.waiting;
  const reasons = () => store.list('events').items.map((e) => e.reason);
  const messages = (reason: string) =>
    store.list('events').items.flatMap((e) => (e.reason === reason ? [e.message] : []));
  return { waiting, reasons, messages, clock, engine, store, kubelet, boot, pass, add, get, ready, main };
}
