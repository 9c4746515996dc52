/**
 * The terminal UI over a daemon that never rests, as a program of its own: an hour of 200 pods that change ten times a second each and of 10,000
 * log lines a second, as fast as it is taken. The heap after each twelfth of it goes into the file that is named.
 */
import { renameSync, writeFileSync } from 'node:fs';
import { runTui } from '../../dist/tui/run-tui.js';
import { firstLists, instances, linesPerTick, logPiece, meta, namespace, pod } from './tui-objects.mjs';

const [, , soakFile] = process.argv;
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
    for (let line = 0; !signal.aborted; line += linesPerTick) {
      yield logPiece(line);
      await new Promise((resolve) => waiting.push(resolve));
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
    // It is read at any moment.
    writeFileSync(`${soakFile}.new`, JSON.stringify(heaps));
    renameSync(`${soakFile}.new`, soakFile);
  }
}

void soak();
await runTui({ client, cluster: 'bench', ascii: false });
process.exit(0);
