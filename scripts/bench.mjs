/**
 * `npm run bench`: how fast, as ratios against raw calls to the same engine in the same run, with the machine's description. Nothing is
 * asserted: numbers are for people. Words after `--` choose: plan, save, pods, probes, idle, api, tui.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
const built = spawnSync('npm', ['run', '--silent', 'build'], { stdio: 'inherit' });
if (built.status !== 0) process.exit(1);

const [cpu] = cpus();
const system = readFileSync('/etc/os-release', 'utf8').match(/^PRETTY_NAME="(.*)"/m)?.[1] ?? process.platform;
console.log(
  `${system}, ${cpus().length} × ${cpu?.model ?? 'cpu'}, ${(totalmem() / 2 ** 30).toFixed(0)} GiB, node ${process.version}`,
);

// The parts' own timers keep no process alive.
setInterval(() => {}, 1000);
const all = ['plan', 'save', 'pods', 'probes', 'idle', 'api', 'tui'];
const chosen = process.argv.slice(2);
for (const name of all.filter((each) => chosen.length === 0 || chosen.includes(each))) {
  const { run } = await import(`./bench/${name}.mjs`);
  for (const line of await run()) console.log(line);
}
process.exit(0);
