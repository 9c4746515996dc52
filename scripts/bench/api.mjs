import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect as connectHttp2 } from 'node:http2';
import { Agent, request } from 'node:https';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { connect } from 'node:tls';
import { fileURLToPath } from 'node:url';
import { median, ms } from './median.mjs';

const token = 'bench';
const pods = '/api/v1/namespaces/default/pods';
const serving = '/apis/workload.serving.volcano.sh/v1alpha1/namespaces/default/modelservings/bench';

/** The API over HTTPS as clients use it; the server is a process of its own, so that its time and memory are its own. */
export async function run() {
  return [...(await inServer(timeRequests)), ...(await inServer(weighWatchers))];
}

async function inServer(measure) {
  const child = spawn(process.execPath, [fileURLToPath(new URL('./api-server.mjs', import.meta.url))], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const hear = async () => JSON.parse((await lines.next()).value);
  const { port, ca, version } = await hear();
  const watches = [];
  const open = (path, agent) =>
    new Promise((resolve, reject) => {
      const headers = { authorization: `Bearer ${token}` };
      const sent = request({ host: '127.0.0.1', port, path, headers, agent, ca }, resolve);
      sent.on('error', reject).end();
    });
  const server = {
    pid: child.pid,
    agent: new Agent({ keepAlive: true, maxSockets: 1, ca }),
    open,
    ask(order) {
      child.stdin.write(`${JSON.stringify(order)}\n`);
      return hear();
    },
    async watch(count) {
      for (let at = 0; at < count; at += 1) {
        const watch = await open(`${pods}?watch=1&resourceVersion=${version}`);
        watch.on('data', () => watch.heard?.(performance.now())).on('error', () => {});
        watches.push(watch);
      }
      return watches;
    },
    /** As Go's clients watch: all over one connection. */
    async watchTogether(count) {
      const session = connectHttp2(`https://127.0.0.1:${port}`, { ca });
      session.on('error', () => {});
      watches.push(session);
      const path = `${pods}?watch=1&resourceVersion=${version}`;
      for (let at = 0; at < count; at += 1) {
        const watch = session.request({ ':path': path, authorization: `Bearer ${token}` });
        watch.on('error', () => {}).resume();
        await once(watch, 'response');
      }
    },
    async connect(count) {
      for (let at = 0; at < count; at += 1) watches.push(await connectTo(port, ca));
    },
  };
  const told = await measure(server);
  for (const watch of watches) watch.destroy();
  child.kill();
  await once(child, 'close');
  return told;
}

async function timeRequests({ open, ask, watch, agent }) {
  const get = async (path) => {
    const begun = performance.now();
    const answer = await open(path, agent);
    let length = 0;
    for await (const piece of answer) length += piece.length;
    if (answer.statusCode !== 200) throw new Error(`${path}: ${answer.statusCode}`);
    return { took: performance.now() - begun, length };
  };
  const many = async (path, rounds) => {
    const all = [];
    for (let at = 0; at < rounds; at += 1) all.push(await get(path));
    return { took: median(all.map(({ took }) => took)), first: all[0].took, length: all[0].length };
  };
  // A daemon that is used has warmed up.
  await many(serving, 100);
  const one = await many(serving, 300);
  const list = await many(pods, 30);
  const selected = await many(`${pods}?labelSelector=tier%20in%20(front)`, 30);

  const watches = await watch(100);
  const reached = [];
  const last = [];
  for (let round = 0; round < 30; round += 1) {
    const all = watches.map(
      (each) =>
        new Promise((resolve) => {
          each.heard = resolve;
        }),
    );
    const written = performance.now();
    await ask({ touch: round });
    const heard = await Promise.all(all);
    reached.push(median(heard) - written);
    last.push(Math.max(...heard) - written);
  }
  return [
    `api get   a ModelServing over a kept-alive connection: median ${one.took.toFixed(2)} ms of 300 (aim: under 1 ms)`,
    `api list  1,000 pods, ${(list.length / 2 ** 20).toFixed(1)} MiB: median ${ms(list.took)} of 30, the first ${ms(list.first)} (aim: under 15 ms); half of them, by a label: ${ms(selected.took)}`,
    `api watch a change reaches 100 watchers: median ${ms(median(reached))} of 30 (aim: under 20 ms), the last of them ${ms(median(last))}`,
  ];
}

async function weighWatchers({ pid, ask, watch, watchTogether, connect: openConnections }) {
  const weigh = () => ask({ memory: true });
  await watch(100);
  await watchTogether(10);
  const first = await weigh();
  await watchTogether(200);
  await watchTogether(200);
  const together = await weigh();
  await openConnections(400);
  const bare = await weigh();
  await watch(400);
  const apart = await weigh();
  const cpu = cpuTicks(pid);
  await pause(5000);
  const idle = (cpuTicks(pid) - cpu) / 100 / 5;
  const each = (to, from, what) => `${((to[what] - from[what]) / 400 / 1024).toFixed(0)} KB`;
  return [
    `api idle  910 watchers: ${(idle * 100).toFixed(1)} % of a core (aim: none)`,
    `api bytes a watch over HTTP/2, as Go's clients open it: the process grows by ${each(together, first, 'rss')} (aim: under 40 KB), ${each(together, first, 'bytes')} of it heap and buffers`,
    `api bytes a watch over HTTP/1.1, with a TLS connection of its own: ${each(apart, bare, 'rss')}, ${each(apart, bare, 'bytes')} of it heap and buffers; a connection that asks for nothing: ${each(bare, together, 'rss')}`,
  ];
}

const connectTo = (port, ca) =>
  new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port, ca, checkServerIdentity: () => undefined }, () =>
      resolve(socket),
    );
    socket.on('error', () => {});
  });

function cpuTicks(pid) {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return Number(fields[11]) + Number(fields[12]);
}
