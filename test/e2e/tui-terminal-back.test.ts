/** The terminal UI gives the terminal back as it found it however it ends; after SIGKILL, when nobody can, the next one does. */
import { resolve } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { inTerminal, type PtyProcess } from './tui-terminal.js';

const faulty = resolve(import.meta.dirname, 'faulty-tui.mjs');
const env = {
  ...process.env,
  LC_ALL: 'C.UTF-8',
  NO_COLOR: undefined,
  CI: undefined,
  PS1: 'ready$ ',
  HISTFILE: '',
};
let terminal: PtyProcess | undefined;
afterEach(() => {
  try {
    terminal?.kill('SIGKILL');
  } catch {
    // It is gone.
  }
});

const shows = (shell: PtyProcess, text: RegExp) =>
  vi.waitFor(() => expect(shell.text()).toMatch(text), { timeout: 60_000, interval: 20 });
async function startShell(): Promise<PtyProcess> {
  const shell = inTerminal('bash', ['--norc', '--noprofile', '-i'], {
    cwd: import.meta.dirname,
    env,
    columns: 120,
    rows: 30,
  });
  terminal = shell;
  await shows(shell, /ready\$/);
  return shell;
}
/** What the line discipline is like, in one word. */
async function lineSettings(shell: PtyProcess, name: string): Promise<string> {
  // Line editing of the shell is off while a command runs: that is what programs find.
  shell.type(`echo ${name}''=$(stty -g).\r`);
  await shows(shell, new RegExp(`^${name}=\\S+\\.$`, 'm'));
  return new RegExp(`^${name}=(\\S+)\\.$`, 'm').exec(shell.text())?.[1] ?? '';
}
async function startTui(shell: PtyProcess, fault: string, earlierPid = 0): Promise<number> {
  shell.type(`clear; ${process.execPath} ${faulty} ${fault}\r`);
  await shows(shell, new RegExp(`pid=(?!${earlierPid};)\\d+;.*connecting`));
  expect(shell.isAlternate()).toBe(true);
  expect(shell.changedModes()).not.toEqual([]);
  return Number(/pid=(\d+);/.exec(shell.text())?.[1]);
}

/** The shell has the terminal again, and names the exit code. */
async function ended(shell: PtyProcess, pid: number, code: number): Promise<void> {
  await vi.waitFor(() => expect(() => process.kill(pid, 0)).toThrow(), { timeout: 60_000, interval: 5 });
  shell.type(`echo ended''=$?.\r`);
  await shows(shell, new RegExp(`ended=${code}\\.`));
}

const ends: [how: string, fault: string, signal: NodeJS.Signals, code: number, said: RegExp][] = [
  ['an exception that nobody caught', 'exception', 'SIGUSR2', 1, /a fault of our own/],
  ['a rejection that nobody caught', 'rejection', 'SIGUSR2', 1, /a fault of our own/],
  ['process.exit in the middle', 'exit', 'SIGUSR2', 3, /ready/],
  ['SIGTERM', 'none', 'SIGTERM', 143, /ready/],
  ['SIGHUP', 'none', 'SIGHUP', 129, /ready/],
  ['SIGINT', 'none', 'SIGINT', 130, /ready/],
  ['SIGQUIT', 'none', 'SIGQUIT', 131, /ready/],
];
test.each(ends)('%s', async (_how, fault, signal, code, said) => {
  const shell = await startShell();
  const before = await lineSettings(shell, 'before');
  const pid = await startTui(shell, fault);
  process.kill(pid, signal);
  await ended(shell, pid, code);
  expect(shell.text()).toMatch(said);
  expect(shell.isAlternate()).toBe(false);
  expect(shell.changedModes().filter((mode) => mode !== '2004h')).toEqual([]);
  expect(await lineSettings(shell, 'after')).toBe(before);
});

test('SIGKILL leaves the terminal to the next one, which gives it back sane', async () => {
  const shell = await startShell();
  const before = await lineSettings(shell, 'before');
  const killed = await startTui(shell, 'none');
  process.kill(killed, 'SIGKILL');
  await ended(shell, killed, 137);
  expect(shell.isAlternate()).toBe(true);
  const next = await startTui(shell, 'none', killed);
  shell.type('q');
  await ended(shell, next, 0);
  expect(shell.isAlternate()).toBe(false);
  expect(shell.changedModes().filter((mode) => mode !== '2004h')).toEqual([]);
  expect(await lineSettings(shell, 'after')).toBe(before);
});

test('Ctrl-Z gives it to the shell, fg takes it again', async () => {
  const shell = await startShell();
  const pid = await startTui(shell, 'none');
  shell.type('\x1a');
  await shows(shell, /Stopped[\s\S]*ready\$/);
  expect(shell.isAlternate()).toBe(false);
  expect(shell.changedModes().filter((mode) => mode !== '2004h')).toEqual([]);
  shell.type('fg\r');
  await shows(shell, /pid=\d+;.*connecting/);
  expect(shell.isAlternate()).toBe(true);
  expect(shell.isCursorHidden()).toBe(true);
  shell.type('q');
  await ended(shell, pid, 0);
  expect(shell.changedModes().filter((mode) => mode !== '2004h')).toEqual([]);
});

test('a window that is closed ends it, with or without a shell between', async () => {
  for (const isShell of [true, false]) {
    const options = { cwd: import.meta.dirname, env, columns: 120, rows: 30 };
    const window = isShell ? await startShell() : inTerminal(process.execPath, [faulty, 'none'], options);
    if (isShell) window.type(`${process.execPath} ${faulty} none\r`);
    await shows(window, /pid=\d+;.*connecting/);
    const pid = Number(/pid=(\d+);/.exec(window.text())?.[1]);
    window.hangUp();
    await vi.waitFor(() => expect(() => process.kill(pid, 0)).toThrow(), { timeout: 15_000, interval: 5 });
  }
});
