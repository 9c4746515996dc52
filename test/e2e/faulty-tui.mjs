/** The real terminal UI over a client that says nothing, which breaks as the first argument names once it is drawn and SIGUSR2 came. */
import { runTui } from '../../dist/tui/run-tui.js';

const faults = {
  none: () => undefined,
  exception: () => {
    throw new Error('a fault of our own');
  },
  rejection: () => void Promise.reject(new Error('a fault of our own')),
  exit: () => process.exit(3),
};
const client = {
  watch: () => new Promise(() => undefined),
  logs: async function* () {},
  scale: async () => undefined,
  control: { info: () => new Promise(() => undefined), plan: async () => ({ stages: [] }) },
};
process.on('SIGUSR2', () => setImmediate(faults[process.argv[2]]));
process.title = `faulty ${process.argv[2]}`;
// The cluster's name is on the screen: by it a test learns the pid.
await runTui({ client, cluster: `pid=${process.pid};`, ascii: false });
process.exit(0);
