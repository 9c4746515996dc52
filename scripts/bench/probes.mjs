/** What 200 HTTP probes a second cost: the daemon's own share of a core. The server that answers them is a process of its own. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { networkProber } from '../../dist/kubelet/probe/network-prober.js';
import { runProbes } from '../../dist/kubelet/probe/run-probes.js';
import { systemClock } from '../../dist/lib/clock.js';

const pods = 200;
const measuredMs = 10_000;
const answering = `require('http').createServer((q, r) => r.end('ok')).listen(0, '127.0.0.1', function () { console.log(this.address().port) })`;

export async function run() {
  const server = spawn(process.execPath, ['-e', answering], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = await once(server.stdout, 'data');
  const port = Number(String(line));
  const container = {
    name: 'main',
    readinessProbe: { httpGet: { path: '/health', port }, periodSeconds: 1 },
  };
  let tried = 0;
  const prober = networkProber({});
  const running = Array.from({ length: pods }, (_, at) =>
    runProbes({
      clock: systemClock,
      target: {
        containerId: String(at),
        container,
        podIp: '127.0.0.1',
        hostPorts: new Map(),
        hostReachesPods: true,
      },
      // Spread over the second, as pods that started one after another are.
      startedAtMs: Date.now() + (at * 1000) / pods,
      prober: async (...words) => {
        tried += 1;
        return prober(...words);
      },
      recall: { started: true, ready: false },
      paused: () => false,
      onChange: () => {},
      onFailure: (_kind, message) => console.error(message),
    }),
  );
  await new Promise((resolve) => setTimeout(resolve, 2000));
  const [before, beganAtMs, triedBefore] = [process.cpuUsage(), performance.now(), tried];
  await new Promise((resolve) => setTimeout(resolve, measuredMs));
  const { user, system } = process.cpuUsage(before);
  const seconds = (performance.now() - beganAtMs) / 1000;
  for (const each of running) each.stop();
  server.kill();
  const share = (user + system) / 1e4 / seconds;
  return [
    `probes      ${pods} pods, ${((tried - triedBefore) / seconds).toFixed(0)} HTTP probes a second: ${share.toFixed(1)} % of a core`,
  ];
}
