import { spawn } from '@lydell/node-pty';
import unicode11 from '@xterm/addon-unicode11';
import headless from '@xterm/headless';

export interface PtyProcess {
  readonly pid: number;
  type(keys: string): void;
  resize(columns: number, rows: number): void;
  kill(signal: NodeJS.Signals): void;
  /** The window is closed: the terminal is gone from under the program. */
  hangUp(): void;
  /** What stands on the screen. */
  text(): string;
  isAlternate(): boolean;
  isCursorHidden(): boolean;
  /** Private modes (mouse, other screen, cursor, ...) that are not as a terminal begins with them. */
  changedModes(): string[];
  /** Resolves when the process ended. */
  readonly ended: Promise<{ exitCode: number; signal: number | undefined }>;
}

/** Automatic margins and the cursor are on from the start. */
const onAtFirst = new Set(['7', '25']);

/** A program in a pseudo-terminal whose screen can be read. */
export function inTerminal(
  file: string,
  args: readonly string[],
  options: { cwd: string; env: NodeJS.ProcessEnv; columns?: number; rows?: number },
): PtyProcess {
  const { cwd, env, columns = 100, rows = 36 } = options;
  const screen = new headless.Terminal({ cols: columns, rows, allowProposedApi: true });
  screen.loadAddon(new unicode11.Unicode11Addon());
  screen.unicode.activeVersion = '11';
  const pty = spawn(file, [...args], {
    name: 'xterm-256color',
    cols: columns,
    rows,
    cwd,
    // What is undefined would be handed on as the word "undefined".
    env: Object.fromEntries(
      Object.entries({ ...env, TERM: 'xterm-256color' }).filter(([, value]) => value !== undefined),
    ) as Record<string, string>,
  });
  // As the screen's own parser meets them: a piece of output may end in the middle of a sequence.
  const modes = new Map<string, string>();
  for (const final of ['h', 'l'])
    screen.parser.registerCsiHandler({ prefix: '?', final }, (names) => {
      for (const name of names) modes.set(String(name), final);
      return false;
    });
  for (const [final, state] of [
    ['=', 'h'],
    ['>', 'l'],
  ] as const)
    screen.parser.registerEscHandler({ final }, () => {
      modes.set('keypad', state);
      return false;
    });
  pty.onData((data) => screen.write(data));
  const ended = new Promise<{ exitCode: number; signal: number | undefined }>((resolve) =>
    pty.onExit(({ exitCode, signal }) => resolve({ exitCode, signal })),
  );
  return {
    pid: pty.pid,
    type: (keys) => pty.write(keys),
    resize(newColumns, newRows) {
      screen.resize(newColumns, newRows);
      pty.resize(newColumns, newRows);
    },
    hangUp: () => (pty as unknown as { destroy(): void }).destroy(),
    kill: (signal) => void process.kill(pty.pid, signal),
    text: () =>
      Array.from({ length: screen.rows }, (_, index) => {
        const buffer = screen.buffer.active;
        return (
          buffer
            .getLine(buffer.baseY + index)
            ?.translateToString(true)
            .trimEnd() ?? ''
        );
      }).join('\n'),
    isAlternate: () => screen.buffer.active.type === 'alternate',
    isCursorHidden: () => modes.get('25') === 'l',
    changedModes: () =>
      [...modes].flatMap(([name, state]) =>
        state === (onAtFirst.has(name) ? 'h' : 'l') ? [] : [`${name}${state}`],
      ),
    ended,
  };
}
