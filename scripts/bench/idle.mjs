import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { serving } from './parts.mjs';

const watchedSeconds = 20;

/** What a daemon costs that has 40 pods and nothing to do. */
export async function run() {
  const state = mkdtempSync(join(tmpdir(), 'minithena-bench-'));
  const file = join(state, 'serving.yaml');
  writeFileSync(file, serving({ replicas: 4, instances: 10, image: 'minithena/vllm-standin:latest' }));
  const cli = (...args) =>
    spawnSync(process.execPath, ['dist/cli/main.js', ...args, '--cluster', 'bench-idle'], {
      env: { ...process.env, XDG_STATE_HOME: state, NO_COLOR: '1' },
      encoding: 'utf8',
    });
  const up = cli('up', file, '--plain', '--timeout', '5m');
  if (up.status !== 0) return [`idle      not measured: ${up.stdout}${up.stderr}`];
  const { daemon } = JSON.parse(cli('version', '-o', 'json').stdout);
  await pause(3000);
  const before = cpuTicks(daemon.pid);
  await pause(watchedSeconds * 1000);
  const used = (cpuTicks(daemon.pid) - before) / 100 / watchedSeconds;
  const memory =
    Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${daemon.pid}/status`, 'utf8'))?.[1]) / 1024;
  cli('down');
  return [
    `idle      a daemon with 40 pods: ${(used * 100).toFixed(2)} % of a core, ${memory.toFixed(0)} MB (aim: under 1 %, under 120 MB)`,
  ];
}

function cpuTicks(pid) {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return Number(fields[11]) + Number(fields[12]);
}
