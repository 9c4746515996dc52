import { spawn as spawnChild } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { spawn } from '@lydell/node-pty';
import headless from '@xterm/headless';
import { median, ms } from './median.mjs';

const watchedSeconds = 10;
const keys = 20;
const soakParts = 12;
const mostKeys = 1000;

/** What the terminal UI costs as it is used, over the API of a process of its own, and how fast it answers while everything on it changes. */
export async function run() {
  return [...(await underLoad()), ...(await withLog()), await overAnHour()];
}

async function underLoad() {
  const server = await startServer();
  const screen = await open(...server.program);
  await screen.shows('G-0 bench-0');
  server.say('load');
  const used = await cpuShare(screen.pid);
  const took = await keyTimes(screen);
  server.say('end');
  const missed = await screen.shows(' 77 ').then(
    () => 'no final state missed',
    () => 'THE FINAL STATE IS NOT SHOWN',
  );
  screen.close();
  server.close();
  return [
    `tui load  200 pods, each changing 10 times a second: ${percent(used)} of a core (aim: under 15 %), ${missed}`,
    `tui keys  answered under that load: ${keyWords(took)}`,
  ];
}

async function withLog() {
  const server = await startServer();
  const screen = await open(...server.program);
  await screen.shows('G-0 bench-0');
  screen.type('l');
  await screen.shows('prompt throughput');
  const begun = performance.now();
  const before = rssMiB(screen.pid);
  const used = await cpuShare(screen.pid);
  const took = await keyTimes(screen);
  const after = rssMiB(screen.pid);
  const said = Math.round(((performance.now() - begun) / 1000) * 10_000);
  const [, skipped = 'NOT SAID'] = /([\d,]+) older lines not kept/.exec(screen.text()) ?? [];
  screen.close();
  server.close();
  return [
    `tui log   10,000 lines a second: ${percent(used)} of a core (aim: under 15 %); the last 5,000 are kept, of some ${said.toLocaleString('en')} it says that ${skipped} are not; memory ${before} MiB, later ${after} MiB`,
    `tui keys  answered under those lines: ${keyWords(took)}`,
  ];
}

const keyWords = (took) =>
  `median ${ms(median(took))}, the slowest ${ms(Math.max(...took))} of ${took.length} (aim: under 50 ms)`;

/** An hour of that load, as fast as it is taken, while somebody goes from view to view: whether the memory stays flat. */
async function overAnHour() {
  const folder = mkdtempSync(join(tmpdir(), 'soak-'));
  const file = join(folder, 'heaps.json');
  const heaps = () => (existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : []);
  const screen = await open(['--expose-gc', fileURLToPath(new URL('./tui-soak.mjs', import.meta.url)), file]);
  const begun = performance.now();
  await screen.shows('G-0 bench-0');
  // The log of a group is open half of the time.
  const views = [
    'l',
    'w',
    'w',
    'G',
    'w',
    'w',
    'w',
    '\x1b',
    't',
    'G',
    'y',
    '\x1b',
    '\x1b',
    'e',
    '\x1b',
    's',
    '\x1b',
  ];
  for (let at = 0; heaps().length < soakParts; at += 1) {
    if (at === mostKeys) throw new Error(`the hour does not end: ${heaps().length}`);
    screen.type(views[at % views.length]);
    await pause(700);
  }
  screen.close();
  const parts = heaps();
  rmSync(folder, { recursive: true });
  const took = Math.round((performance.now() - begun) / 1000);
  const mib = (what) => parts.map((part) => (part[what] / 2 ** 20).toFixed(0));
  return `tui hour  of 200 pods x 10 changes/s and 10,000 log lines/s while its views are gone through, in ${took} s: heap after GC, every 5 minutes, ${mib('heapUsed').join(' ')} MiB (aim: flat; the more with a log open); of the process ${mib('rss').at(0)} MiB first, ${mib('rss').at(-1)} at the end`;
}

/** From the key to the help on the screen, and back. */
async function keyTimes(screen) {
  const took = [];
  for (let at = 0; at < keys; at += 1) {
    const begun = performance.now();
    screen.type('?');
    await screen.shows('Everywhere');
    took.push(performance.now() - begun);
    await pause(37);
    screen.type('?');
    await screen.shows(undefined, 'Everywhere');
    await pause(61);
  }
  return took;
}

/** The API, and the command line that shows it. */
async function startServer() {
  const state = mkdtempSync(join(tmpdir(), 'tui-bench-'));
  const folder = join(state, 'minithena', 'bench');
  mkdirSync(folder, { recursive: true });
  const script = fileURLToPath(new URL('./tui-server.mjs', import.meta.url));
  const child = spawnChild(process.execPath, [script, join(folder, 'kubeconfig')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  const main = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
  return {
    program: [[main, 'tui', '--cluster', 'bench'], { XDG_STATE_HOME: state, XDG_CONFIG_HOME: state }],
    say: (word) => child.stdin.write(`${word}\n`),
    close() {
      child.kill();
      rmSync(state, { recursive: true, force: true });
    },
  };
}

async function open(words, more = {}) {
  const [cols, rows] = [120, 40];
  const terminal = new headless.Terminal({ cols, rows, allowProposedApi: true });
  const env = { ...process.env, LC_ALL: 'C.UTF-8', TERM: 'xterm-256color', ...more };
  const pty = spawn(process.execPath, words, { name: 'xterm-256color', cols, rows, env });
  let look = () => {};
  pty.onData((data) => terminal.write(data, () => look()));
  const text = () =>
    Array.from(
      { length: rows },
      (_, y) => terminal.buffer.active.getLine(y)?.translateToString(true) ?? '',
    ).join('\n');
  return {
    pid: pty.pid,
    text,
    type: (typed) => pty.write(typed),
    /** Resolves when the text is on the screen, or the other one is not. */
    shows: (wanted, unwanted) =>
      new Promise((resolve, reject) => {
        const late = setTimeout(
          () => reject(new Error(`not shown: ${wanted ?? `without ${unwanted}`}\n${text()}`)),
          20_000,
        );
        look = () => {
          const now = text();
          if (wanted === undefined ? now.includes(unwanted) : !now.includes(wanted)) return;
          look = () => {};
          clearTimeout(late);
          resolve();
        };
        look();
      }),
    close: () => pty.kill('SIGKILL'),
  };
}

async function cpuShare(pid) {
  await pause(1000);
  const before = cpuTicks(pid);
  await pause(watchedSeconds * 1000);
  return (cpuTicks(pid) - before) / 100 / watchedSeconds;
}

const percent = (share) => `${(share * 100).toFixed(0)} %`;
const rssMiB = (pid) =>
  Math.round(Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024);
function cpuTicks(pid) {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return Number(fields[11]) + Number(fields[12]);
}
