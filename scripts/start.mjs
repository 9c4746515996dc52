/**
 * `npm start`: all that stands between a fresh clone and a running ModelServing. Installs the packages, builds, sees to an engine (or shows
 * the job without one, loudly) and runs `minithena up examples/prefill-decode.yaml`. Words after `--` go to `up`.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
process.chdir(root);
const say = (text) => console.error(`minithena: ${text}`);
const run = (command, args) => {
  const { status } = spawnSync(command, args, { stdio: ['inherit', 2, 2] });
  if (status !== 0) process.exit(status ?? 1);
};
const newest = (folder) =>
  Math.max(
    ...readdirSync(folder, { recursive: true }).map((name) => statSync(join(folder, String(name))).mtimeMs),
  );

if (!existsSync('node_modules/.package-lock.json')) {
  say('installing the packages');
  run('npm', ['ci', '--no-audit', '--no-fund']);
}
if (!existsSync('dist/cli/main.js') || statSync('dist/cli/main.js').mtimeMs < newest('src')) {
  say('building');
  run('npm', ['run', '--silent', 'build']);
}

const extra = process.argv.slice(2);
const up = ['dist/cli/main.js', 'up', 'examples/prefill-decode.yaml', ...extra];
if (!extra.some((word) => word.startsWith('--engine') || word.startsWith('--host'))) {
  const { findEngine } = await import('../dist/kubelet/docker/find-engine.js');
  const { installEngine } = await import('../dist/daemon/install-engine.js');
  try {
    await findEngine({});
  } catch (error) {
    const interactive = Boolean(process.stdin.isTTY && process.stderr.isTTY) && !process.env.CI;
    const outcome = await installEngine({ say, interactive }).catch((failure) => ({
      done: false,
      reason: failure instanceof Error ? failure.message : String(failure),
    }));
    if (!outcome.done) {
      say(error instanceof Error ? error.message : String(error));
      say('');
      say('NO CONTAINER ENGINE: this is a simulation. Nothing that follows runs in a container.');
      say(`for the real thing: ${outcome.reason}; then run npm start again`);
      say('');
      up.push('--engine', 'simulated', '--cluster', 'simulated');
    }
  }
}
const { status } = spawnSync(process.execPath, up, {
  stdio: 'inherit',
  env: { ...process.env, MINITHENA_COMMAND: 'npx minithena' },
});
process.exit(status ?? 1);
