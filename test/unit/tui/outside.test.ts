import { describe, expect, test } from 'vitest';
import { clipboardCommand } from '../../../src/tui/outside/copy-text.js';
import { editorCommand, lineOfServing } from '../../../src/tui/outside/editor-command.js';
import { holdWarnings } from '../../../src/tui/outside/hold-warnings.js';
import { runProgram } from '../../../src/tui/outside/run-program.js';

const yaml = `# first
kind: ConfigMap
metadata: { name: sample }
---
kind: ModelServing
metadata:
  name: sample
spec:
  replicas: 2
  template:
    roles:
      - replicas: 1
        name: prefill
      - name: decode
        entryTemplate:
          spec:
            containers:
              - name: vllm
              - name: proxy
        workerTemplate: { spec: { containers: [{ name: vllm }], initContainers: [{ name: wait }] } }
`;

describe('the editor', () => {
  const at = (role: string | undefined, name = 'sample', container?: string) =>
    lineOfServing(yaml, { namespace: 'default', name, role, container });
  test('opens at the spec, or at the role', () =>
    expect([at(undefined), at('prefill'), at('decode'), at('gone'), at(undefined, 'other')]).toEqual([
      8, 13, 14, 8, 1,
    ]));
  test('or at the container of the role', () => {
    const inRole = (role: string, container: string) => at(role, 'sample', container);
    expect([inRole('decode', 'vllm'), inRole('decode', 'proxy'), inRole('decode', 'wait')]).toEqual([
      18, 19, 20,
    ]);
    expect([inRole('decode', 'gone'), inRole('prefill', 'vllm')]).toEqual([14, 13]);
  });
  test('a file that is no YAML opens at its start', () =>
    expect(lineOfServing('a: [', { namespace: 'default', name: 'x', role: undefined })).toBe(1));
  test.each([
    ['vi', ['vi', '+7', 'a b.yaml']],
    ['emacs -nw', ['emacs', '-nw', '+7', 'a b.yaml']],
    ['/usr/bin/code', ['/usr/bin/code', '--wait', '--goto', 'a b.yaml:7']],
    ['code -w', ['code', '-w', '--goto', 'a b.yaml:7']],
    ['hx', ['hx', 'a b.yaml:7']],
  ])('%s', (editor, expected) => expect(editorCommand(editor, 'a b.yaml', 7)).toEqual(expected));
});

test('a warning of Node.js waits until the screen is given back', () => {
  const printed: string[] = [];
  const print = (warning: Error) => printed.push(warning.message);
  process.on('warning', print);
  const tell = holdWarnings();
  process.emit('warning', new Error('eleven listeners'));
  expect(printed).toEqual([]);
  tell();
  process.off('warning', print);
  expect(printed).toEqual(['eleven listeners']);
});

describe('a command', () => {
  const node = (script: string) => [process.execPath, '-e', script];
  const never = new AbortController().signal;
  test('says what it says on both streams, harmless for a terminal, and its exit code', async () => {
    const { exitCode, lines } = await runProgram(
      node(`console.log('one\\u001b[2J'); console.error('two'); process.exitCode = 3`),
      never,
    );
    expect(exitCode).toBe(3);
    expect([...lines].sort()).toEqual(['one', 'two']);
  });
  test('is ended by the signal', async () => {
    const stop = new AbortController();
    const ran = runProgram(node(`setInterval(() => {}, 1000)`), stop.signal);
    stop.abort();
    expect(await ran).toMatchObject({ exitCode: 1, lines: [expect.anything(), 'ended by SIGTERM'] });
  });
  test('that is not there is an error', () =>
    expect(runProgram(['/nowhere/minithena'], never)).rejects.toThrow(/ENOENT/));
});

test.each([
  ['darwin', {}, 'pbcopy'],
  ['linux', { WAYLAND_DISPLAY: 'wayland-0', DISPLAY: ':0' }, 'wl-copy'],
  ['linux', { DISPLAY: ':0' }, 'xclip'],
  ['linux', {}, undefined],
  ['linux', { DISPLAY: ':0', SSH_CONNECTION: 'x' }, undefined],
])('the clipboard of %s %j is %s', (platform, env, expected) =>
  expect(clipboardCommand(platform, env)[0]).toBe(expected),
);
