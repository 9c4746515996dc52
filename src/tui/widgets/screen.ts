/**
 * The terminal: rows of styled spans become cells of blessed's screen buffer, and blessed sends what differs from the last frame.
 * Cells are written directly: no tags are parsed, so no text can turn into markup, and a row that stayed the same costs a comparison.
 */
import blessed from 'blessed';
import type { Size } from '../model/model.js';
import type { Row } from '../present/styled.js';
import { pointWidth } from '../text/cell-width.js';
import type { ThemeName } from '../tui-config.js';
import { patchWidth } from './patch-width.js';
import { type Looks, looksOf, plainLook } from './themes.js';

export interface Terminal {
  size(): Size;
  draw(rows: readonly Row[]): void;
  /** Forgets what is on the screen, so that the next draw sends all of it. */
  reset(): void;
  /** Gives the terminal to another program until that has ended; keys are its own meanwhile. */
  lend<T>(use: () => Promise<T>): Promise<T>;
  setTheme(theme: ThemeName): void;
  setMouse(on: boolean): void;
  /** Hands a text to the terminal's clipboard (OSC 52), which reaches over ssh; terminals that do not know it ignore it. */
  copy(text: string): void;
  /** Gives the terminal to the shell and stops the process until it is continued. */
  suspend(): void;
  /** Gives the terminal back as it was. Twice is once. */
  close(): void;
}
export interface TerminalOptions {
  readonly input: NodeJS.ReadableStream;
  readonly output: NodeJS.WritableStream;
  readonly color: boolean;
  readonly theme: ThemeName;
  readonly mouse: boolean;
  /** TERM; entries that blessed cannot read are replaced by xterm-256color. */
  readonly term: string | undefined;
  /** A click, or the wheel, in the row of that number from the top. */
  readonly onMouse: (what: 'click' | 'wheelUp' | 'wheelDown', row: number) => void;
  readonly onKey: (key: string, character: string) => void;
  readonly onResize: () => void;
}

interface Line extends Array<[attribute: number, character: string]> {
  dirty: boolean;
}
/** What blessed's types leave out. */
interface Internals {
  lines: Line[];
  alloc(dirty?: boolean): void;
  enter(): void;
  leave(): void;
  draw(first: number, last: number): void;
}
interface Key {
  readonly name?: string;
  readonly full?: string;
  readonly ctrl?: boolean;
  readonly meta?: boolean;
  readonly shift?: boolean;
}

const reverse = 8;

export function openTerminal(options: TerminalOptions): Terminal {
  // Line drawing characters as UTF-8, never by the alternate character set.
  process.env.NCURSES_NO_UTF8_ACS = '1';
  patchWidth();
  const screen = blessed.screen({
    input: options.input,
    output: options.output,
    terminal: options.term && /^(linux|vt)/.test(options.term) ? options.term : 'xterm-256color',
    fullUnicode: true,
    forceUnicode: true,
  } as unknown as blessed.Widgets.IScreenOptions);
  const internals = screen as unknown as Internals;
  // A vt100 has none: what it would make of them is black on black.
  const hasColors = ((screen.program as unknown as { tput: { colors?: number } }).tput.colors ?? 0) >= 8;
  const color = options.color && hasColors;
  let styles = looksOf(options.theme, color);
  let drawn: string[] = [];
  let closed = false;
  let isLent = false;

  screen.program.hideCursor();
  screen.program.on('keypress', (character: string | undefined, key: Key) => {
    // Enter is reported twice, as return and as enter.
    if (key.name === 'return' || key.name === 'mouse') return;
    const typed =
      character !== undefined && !key.ctrl && !key.meta && !/[\x00-\x1f\x7f]/.test(character)
        ? character
        : '';
    options.onKey(keyName(key, typed), typed);
  });
  const program = screen.program as unknown as {
    setMouse(modes: { vt200Mouse: boolean; sgrMouse: boolean }, on: boolean): void;
    bindMouse(): void;
    on(event: 'mouse', listener: (data: { action?: string; button?: string; y?: number }) => void): void;
  };
  program.bindMouse();
  program.on('mouse', ({ action, button, y = 0 }) => {
    if (action === 'wheelup') options.onMouse('wheelUp', y);
    else if (action === 'wheeldown') options.onMouse('wheelDown', y);
    else if (action === 'mousedown' && button === 'left') options.onMouse('click', y);
  });
  screen.on('resize', () => {
    drawn = [];
    options.onResize();
  });

  const raw = (on: boolean) => (options.input as Partial<NodeJS.ReadStream>).setRawMode?.(on);
  let isMouseOn = options.mouse;
  // Clicks and the wheel only: a terminal that told every move would have no time for anything else.
  const listenToMouse = (on: boolean) => program.setMouse({ vt200Mouse: on, sgrMouse: on }, on);
  const give = () => {
    isLent = true;
    if (isMouseOn) listenToMouse(false);
    internals.leave();
    screen.program.flush();
    raw(false);
  };
  const takeBack = () => {
    isLent = false;
    if (closed) return;
    raw(true);
    internals.enter();
    if (isMouseOn) listenToMouse(true);
    screen.program.hideCursor();
    drawn = [];
    internals.alloc(true);
    options.onResize();
  };

  const close = () => {
    if (closed) return;
    closed = true;
    process.off('exit', close);
    if (isMouseOn) listenToMouse(false);
    screen.destroy();
  };
  // Whoever ends the process on the way: what blessed then does by itself leaves the mouse on.
  process.on('exit', close);
  if (isMouseOn) listenToMouse(true);

  return {
    size: () => ({ columns: Number(screen.width) || 80, rows: Number(screen.height) || 24 }),
    draw(rows) {
      if (closed || isLent) return;
      let changed = false;
      for (const [y, line] of internals.lines.entries()) {
        const row = rows[y];
        const text = row ? rowKey(row) : '';
        if (drawn[y] === text) continue;
        drawn[y] = text;
        paint(line, row, styles);
        changed = true;
      }
      if (changed) internals.draw(0, internals.lines.length - 1);
    },
    reset() {
      drawn = [];
      internals.alloc(true);
    },
    async lend(use) {
      give();
      options.input.pause();
      try {
        return await use();
      } finally {
        if (!closed) options.input.resume();
        takeBack();
      }
    },
    setTheme(theme) {
      styles = looksOf(theme, color);
      drawn = [];
    },
    setMouse(on) {
      isMouseOn = on;
      listenToMouse(on);
    },
    copy(text) {
      options.output.write(`\x1b]52;c;${Buffer.from(text).toString('base64')}\x07`);
    },
    suspend() {
      give();
      process.once('SIGCONT', takeBack);
      process.kill(process.pid, 'SIGTSTP');
    },
    close,
  };
}

const rowKey = (row: Row): string =>
  `${row.selected ? '>' : '.'}${row.spans.map((each) => `${each.style}\x00${each.text}`).join('\x00')}`;

/** Letters as they are typed (G, not S-g); everything else as blessed names it. */
function keyName(key: Key, typed: string): string {
  if (key.name === 'linefeed') return 'enter';
  if (typed !== '' && typed !== ' ') return typed;
  return key.full ?? key.name ?? '';
}

/** Fills a line of the buffer; the second cell of a wide character holds nothing. */
function paint(line: Line, row: Row | undefined, styles: Looks): void {
  const over = row?.selected ? reverse << 18 : 0;
  let x = 0;
  /** What a mark that combines is put on. */
  let letter: Line[number] | undefined;
  const put = (attr: number, character: string) => {
    const cell = line[x];
    if (!cell) return;
    cell[0] = attr;
    cell[1] = character;
    x += 1;
  };
  for (const { text, style } of row?.spans ?? []) {
    // What is in reverse anyway stands out of a selected row by not being so.
    const attr = styles[style] ^ over;
    for (const character of text) {
      const width = pointWidth(character.codePointAt(0) ?? 0x20);
      if (width === 0) {
        if (letter) letter[1] += character;
      } else if (width === 2 && x + 1 >= line.length) put(attr, ' ');
      else {
        letter = line[x];
        put(attr, character);
        if (width === 2) put(attr, ' ');
      }
    }
  }
  while (x < line.length) put(plainLook | over, ' ');
  line.dirty = true;
}
