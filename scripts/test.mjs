/**
 * `npm test`: everything there is to test, on a fresh clone too. Installs and builds what is missing, sees to an engine, then runs the suites;
 * those that need a real engine are said to be left out where none can be had, and that is an error in CI. Words after `--` go to vitest.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
const say = (text) => console.error(`minithena: ${text}`);
const run = (command, args) => {
  const { status } = spawnSync(command, args, { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
};
if (!existsSync('node_modules/.package-lock.json')) run('npm', ['ci', '--no-audit', '--no-fund']);
run('npm', ['run', '--silent', 'build']);

const projects = ['unit', 'scenarios'];
let isWhole = true;
const { findEngine } = await import('../dist/kubelet/docker/find-engine.js');
const { installEngine } = await import('../dist/daemon/install-engine.js');
try {
  await findEngine({});
  projects.push('engine', 'e2e');
} catch (error) {
  const outcome = await installEngine({ say, interactive: Boolean(process.stdin.isTTY) && !process.env.CI });
  if (outcome.done) projects.push('engine', 'e2e');
  else {
    say(
      `the suites "engine" and "e2e" are left out: ${error instanceof Error ? error.message : String(error)}`,
    );
    say(`to run them: ${outcome.reason}`);
    isWhole = false;
  }
}
const chosen = process.argv.slice(2);
run(process.execPath, [
  'node_modules/vitest/vitest.mjs',
  'run',
  ...(chosen.length > 0 ? chosen : projects.flatMap((name) => ['--project', name])),
]);
// In CI what was not tried does not count as good.
if (!isWhole && process.env.CI) {
  say('the suites "engine" and "e2e" were left out, and CI is set: failed');
  process.exit(1);
}
