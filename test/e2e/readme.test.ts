import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const readme = readFileSync(join(root, 'README.md'), 'utf8');
const tour = readme.slice(readme.indexOf('## Two commands'), readme.indexOf('## Your own file'));
/** Every command of the first two chapters, in order; `npm test` aside, which is what runs here. */
const commands = [...tour.matchAll(/```sh\n([\s\S]*?)```/g)]
  .flatMap((block) => (block[1] ?? '').trim().split('\n'))
  .filter((line) => line !== 'npm test');

/** `plan` says by 2 that there is something to do. */
const expectedExit = (command: string): number => (command.includes(' plan ') ? 2 : 0);

const folder = mkdtempSync(join(tmpdir(), 'readme-'));
const clone = join(folder, 'minithena');
const env = {
  ...process.env,
  XDG_STATE_HOME: join(folder, 'state'),
  MINITHENA_CLUSTER: `readme-${process.pid}`,
  CI: 'true',
  NO_COLOR: '1',
};
const run = (command: string) =>
  // A file of another user may stand where the README puts one.
  spawnSync('bash', ['-c', command.replaceAll('/tmp/', `${folder}/`)], {
    cwd: clone,
    env,
    encoding: 'utf8',
    timeout: 500_000,
    stdio: ['ignore', 'pipe', 'pipe'],
  });

afterAll(() => {
  if (existsSync(clone)) run('node dist/cli/main.js down');
  rmSync(folder, { recursive: true, force: true });
});

describe('the README', () => {
  it('has commands to run', () => {
    expect(commands[0]).toBe('npm start');
    expect(commands.length).toBeGreaterThan(15);
  });

  it('is cloned as a user would, with the packages of this checkout', () => {
    const cloned = spawnSync('git', ['clone', '-q', root, clone], { encoding: 'utf8' });
    expect(cloned.status, cloned.stderr).toBe(0);
    symlinkSync(join(root, 'node_modules'), join(clone, 'node_modules'));
  });

  it.each(commands)('%s', (command) => {
    const { status, stdout, stderr } = run(command);
    expect(status, `${stdout}\n${stderr}`).toBe(expectedExit(command));
    if (command.includes(' get all')) expect(stdout).toContain('sample-1-decode-0-0');
    if (command.includes('get operations')) expect(stdout).toContain('replicas 2 → 3');
    if (command === 'git diff examples') expect(stdout.match(/^[+-] /gm)?.length).toBe(4);
    if (command.includes(' logs ')) expect(stdout).not.toBe('');
    if (command.startsWith('kubectl')) expect(stdout).toContain('sample');
  });
});
