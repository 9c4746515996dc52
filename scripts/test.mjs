// `npm test`: installs the packages where they are missing, then runs the tests.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const run = (command, args) => {
  const { status } = spawnSync(command, args, { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
};
if (!existsSync('node_modules/.package-lock.json')) run('npm', ['ci']);
run('npx', ['vitest', 'run', '--project', 'unit']);
