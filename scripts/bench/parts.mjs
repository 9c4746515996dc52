import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startController } from '../../dist/controller/start-controller.js';
import { startKubelet } from '../../dist/kubelet/start-kubelet.js';
import { systemClock } from '../../dist/lib/clock.js';
import { silentLogger } from '../../dist/lib/logger.js';
import { startManifests } from '../../dist/manifests/start-manifests.js';
import { startScheduler } from '../../dist/scheduler/start-scheduler.js';
import { createObjectStore } from '../../dist/store/create-object-store.js';
import { openRecords } from '../../dist/store/records.js';

export const cluster = { name: `bench-${process.pid}`, id: `bench-${process.pid}` };

/** A ModelServing of one role; the pods have no probes, so that only the engine decides how long they take. */
export const serving = ({
  replicas = 1,
  instances = 1,
  image,
  tick = 0,
  more = '',
  second = '',
}) => `apiVersion: workload.serving.volcano.sh/v1alpha1
kind: ModelServing
metadata: { name: bench }
spec:
  replicas: ${replicas}
  template:
    roles:
      - name: server
        replicas: ${instances}
        workerReplicas: 0
        entryTemplate:
          metadata: { annotations: { tick: "${tick}" } }
          spec:
            terminationGracePeriodSeconds: 0
${more}            containers:
              - { name: main, image: "${image}", ports: [{ containerPort: 8000 }] }
${second}`;

/** All parts of the daemon in this process, over the given engine. */
export async function startParts(engine) {
  const clock = systemClock;
  const logger = silentLogger;
  const directory = mkdtempSync(join(tmpdir(), 'minithena-bench-'));
  const file = join(directory, 'serving.yaml');
  const store = createObjectStore({ clock });
  const records = openRecords(directory);
  const kubelet = startKubelet({ engine, store, clock, logger, cluster, stateDir: directory });
  await kubelet.ready;
  const manifests = startManifests({ store, clock, logger });
  const scheduler = startScheduler({ store, clock });
  const controller = startController({ store, clock, records, logger, rules: 'ordinal' });
  return {
    store,
    file,
    manifests,
    async close() {
      await controller.close();
      scheduler.close();
      await manifests.close();
      await kubelet.close();
    },
    /** Resolves when `holds` does; looked at after every change of pods and ModelServings. */
    until: (holds) =>
      new Promise((resolve) => {
        const look = () => {
          if (!holds()) return;
          for (const watch of watches) watch.close();
          resolve(performance.now());
        };
        const watches = ['pods', 'modelservings'].map((resource) => store.watch(resource, look));
        look();
      }),
    write: (text) => writeFileSync(file, text),
  };
}
