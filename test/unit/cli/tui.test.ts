import { expect, it } from 'vitest';
import { fakeClient } from './fake-client.js';
import { runCommand } from './run-command.js';

it('refuses the terminal UI where there is no terminal', async () => {
  // The test's own standard output is what the UI would draw on.
  if (process.stdout.isTTY) return;
  const { code, stderr } = await runCommand('tui', fakeClient());
  expect(code).toBe(64);
  expect(stderr).toContain(
    'error Usage: the terminal UI needs a terminal\nhint: minithena get modelservings',
  );
});
