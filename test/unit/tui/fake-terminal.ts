/** A terminal without a terminal: a keyboard to type on and a screen (xterm's, with today's widths) to read from. */
import type { EventEmitter } from 'node:events';
import { PassThrough, Writable } from 'node:stream';
import unicode11 from '@xterm/addon-unicode11';
import headless from '@xterm/headless';
import { screenCells } from './screen-cells.js';

export interface FakeTerminal {
  readonly input: NodeJS.ReadableStream & { isRaw: boolean };
  readonly output: NodeJS.WritableStream;
  type(keys: string): void;
  resize(columns: number, rows: number): void;
  /** The screen as text, a line per row without trailing spaces. */
  text(): string[];
  /** What stands in a line from a cell on. */
  from(line: number, column: number): string;
  /** The cell (counted from 0) where a text begins in its line, or -1. */
  columnOf(line: number, text: string): number;
  /** The screen with the look of its cells, as the goldens keep it: see `screen-cells`. */
  cells(): string;
  /** Resolves when all that was sent stands on the screen. */
  idle(): Promise<void>;
  readonly isAlternate: () => boolean;
  /** All bytes written so far. */
  readonly written: () => string;
}

export function fakeTerminal(columns = 80, rows = 24): FakeTerminal {
  const terminal = new headless.Terminal({ cols: columns, rows, allowProposedApi: true });
  terminal.loadAddon(new unicode11.Unicode11Addon());
  terminal.unicode.activeVersion = '11';
  const input = Object.assign(new PassThrough(), {
    isTTY: true,
    isRaw: false,
    setRawMode(raw: boolean) {
      input.isRaw = raw;
      return input;
    },
  });
  let written = '';
  const output = Object.assign(
    new Writable({
      decodeStrings: false,
      write(chunk: string | Buffer, _encoding, done) {
        written += chunk.toString();
        terminal.write(chunk.toString(), done);
      },
    }),
    { isTTY: true, columns, rows },
  );
  const line = (index: number) => terminal.buffer.active.getLine(index);
  return {
    input,
    output,
    type: (keys) => void input.write(keys),
    resize(newColumns, newRows) {
      terminal.resize(newColumns, newRows);
      Object.assign(output, { columns: newColumns, rows: newRows });
      (output as EventEmitter).emit('resize');
    },
    text: () =>
      Array.from(
        { length: terminal.rows },
        (_, index) => line(index)?.translateToString(true).trimEnd() ?? '',
      ),
    from: (index, column) => line(index)?.translateToString(true, column) ?? '',
    columnOf(index, text) {
      const at = line(index);
      for (let column = 0; column < terminal.cols; column++)
        if (at?.translateToString(true, column).startsWith(text)) return column;
      return -1;
    },
    cells: () => screenCells(terminal),
    // What blessed holds back it sends in an immediate that was asked for before this one.
    idle: () => new Promise((resolve) => setImmediate(() => output.write('', () => resolve()))),
    isAlternate: () => terminal.buffer.active.type === 'alternate',
    written: () => written,
  };
}
