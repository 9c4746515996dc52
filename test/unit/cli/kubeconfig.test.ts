import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { makeKubeconfig } from '../../../src/apiserver/make-kubeconfig.js';
import { fakeClient } from './fake-client.js';
import { runCommand } from './run-command.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'minithena-kubeconfig-'));
  const state = join(folder, 'minithena', 'default');
  mkdirSync(state, { recursive: true });
  const facts = { url: 'https://127.0.0.1:7', ca: 'CERT', token: 'secret', cluster: 'default' };
  writeFileSync(join(state, 'kubeconfig'), makeKubeconfig(facts));
});
afterEach(() => rmSync(folder, { recursive: true }));

const run = (words: string[], env: NodeJS.ProcessEnv = {}) =>
  runCommand(['kubeconfig', ...words], fakeClient(), {
    env: { XDG_STATE_HOME: folder, HOME: folder, ...env },
  });
const modeOf = (file: string) => statSync(file).mode & 0o777;

it('--merge makes ~/.kube/config where there is none, for its owner alone', async () => {
  const file = join(folder, '.kube', 'config');
  expect(await run(['--merge'])).toMatchObject({
    code: 0,
    stdout: `context minithena-default is in ${file}, and the current one\n`,
    stderr: '',
  });
  expect(modeOf(file)).toBe(0o600);
  expect(readFileSync(file, 'utf8')).toBe((await run([])).stdout);
});

it('--merge takes the first file of $KUBECONFIG that exists, or the one that is named', async () => {
  const there = join(folder, 'there');
  const text = 'current-context: prod\ncontexts: [{ name: prod, context: { cluster: c } }] # mine\n';
  writeFileSync(there, text);
  chmodSync(there, 0o644);
  const merged = await run(['--merge'], { KUBECONFIG: `${join(folder, 'none')}:${there}` });
  expect(merged.stderr).toContain('kubectl config use-context prod');
  expect(readFileSync(there, 'utf8')).toMatch(/name: prod[\s\S]*minithena-default[\s\S]*# mine/);
  expect(modeOf(there)).toBe(0o600);
  const named = join(folder, 'new', 'named');
  expect((await run(['--merge', named], { KUBECONFIG: there })).stdout).toContain(`is in ${named}`);
});

it('--merge leaves alone what another program writes, and what is no kubeconfig', async () => {
  const file = join(folder, 'config');
  writeFileSync(`${file}.lock`, '');
  expect(await run(['--merge', file])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining(`remove ${file}.lock`),
  });
  rmSync(`${file}.lock`);
  writeFileSync(file, '[');
  expect(await run(['--merge', file])).toMatchObject({ code: 64, stderr: expect.stringContaining(file) });
  expect(readFileSync(file, 'utf8')).toBe('[');
  writeFileSync(file, '');
  expect((await run(['--merge', file])).code).toBe(0);
  expect((await run(['--merge', file, '--path'])).code).toBe(64);
});
