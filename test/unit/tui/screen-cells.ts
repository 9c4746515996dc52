/**
 * A terminal's screen as its cells have it: the text, below it a letter for the look of each cell that has one (in the cell's place), and what
 * the letters mean. Plain cells have no letter, a letter for bold is a capital, and in reverse plain is `#`.
 */
import type { IBufferCell, Terminal } from '@xterm/headless';

export function screenCells(terminal: Terminal): string {
  const looks = new Map<string, string>();
  const letterOf = (look: string): string => {
    const letter = looks.get(look) ?? freeLetter(look, new Set(looks.values()));
    looks.set(look, letter);
    return letter;
  };
  const texts: string[] = [];
  const letters: string[] = [];
  for (let y = 0; y < terminal.rows; y++) {
    const line = terminal.buffer.active.getLine(y);
    const cells = Array.from({ length: terminal.cols }, (_, x) => line?.getCell(x)).filter((cell) => !!cell);
    texts.push(line?.translateToString(true).trimEnd() ?? '');
    letters.push(
      cells
        .map((cell) => letterOf(lookOf(cell)))
        .join('')
        .trimEnd(),
    );
  }
  const legend = [...looks].filter(([look]) => look !== '').map(([look, letter]) => `${letter} ${look}`);
  return `${[...texts, `── looks: ${legend.join(', ')}`, ...letters].join('\n').trimEnd()}\n`;
}

const colours: Readonly<Record<number, string>> = {
  1: 'red',
  2: 'green',
  3: 'yellow',
  6: 'cyan',
  242: 'grey',
  245: 'grey',
};
function lookOf(cell: IBufferCell): string {
  const colour = cell.isFgDefault() ? [] : [colours[cell.getFgColor()] ?? `colour ${cell.getFgColor()}`];
  return [
    ...(cell.isInverse() ? ['reverse'] : []),
    ...(cell.isBold() ? ['bold'] : []),
    ...(cell.isUnderline() ? ['underlined'] : []),
    ...(cell.isDim() || cell.isItalic() || cell.isBlink() || !cell.isBgDefault() ? ['UNEXPECTED'] : []),
    ...colour,
  ].join(' ');
}
/** The first letter of the colour, a capital for bold; else one that is free. */
function freeLetter(look: string, taken: ReadonlySet<string>): string {
  if (look === '') return ' ';
  const first = look.split(' ').at(-1)?.charAt(0) ?? '';
  const wanted = look === 'reverse' ? '#' : look.includes('bold') ? first.toUpperCase() : first;
  const free = [...`${wanted}abcdefghijklmnopqrstuvwxyz`].find((letter) => !taken.has(letter));
  return free ?? '?';
}
