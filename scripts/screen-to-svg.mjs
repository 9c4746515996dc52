/** A terminal screen with its colours (`tmux capture-pane -e -N -p`) from stdin as an SVG picture to stdout. */
import { readFileSync } from 'node:fs';
import stringWidth from 'string-width';

const cell = { width: 8.4, height: 18 };
const palette = ['#1e1e1e', '#e06c75', '#98c379', '#e5c07b', '#61afef', '#c678dd', '#56b6c2', '#d0d0d0'];
const bright = ['#7f848e', '#f0838c', '#b1dba0', '#f0d197', '#8ac6ff', '#dea0f0', '#79d0dd', '#ffffff'];
const background = '#16181d';
const escaped = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

const lines = readFileSync(0, 'utf8').replace(/\n+$/, '').split('\n');
const shapes = [];
let columns = 0;
// tmux tells a look once, also where the next line goes on with it.
let style = {};
for (const [row, line] of lines.entries()) {
  let column = 0;
  for (const part of line.split(/(\x1b\[[0-9;]*m)/)) {
    const codes = /^\x1b\[([0-9;]*)m$/.exec(part)?.[1];
    if (codes !== undefined) {
      style = apply(style, codes === '' ? [0] : codes.split(';').map(Number));
      continue;
    }
    for (const piece of part.match(/ +|\S+/g) ?? []) {
      const width = stringWidth(piece);
      draw(piece, row, column, width, style);
      column += width;
    }
  }
  columns = Math.max(columns, column);
}
const size = { width: columns * cell.width + 24, height: lines.length * cell.height + 24 };
console.log(
  [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size.width} ${size.height}" role="img" font-family="ui-monospace, Menlo, Consolas, monospace" font-size="14">`,
    '<title>The terminal UI of minithena</title>',
    `<rect width="100%" height="100%" rx="8" fill="${background}"/>`,
    ...shapes,
    '</svg>',
  ].join('\n'),
);

function draw(text, row, column, width, { fg = palette[7], bg, bold, inverse }) {
  const x = 12 + column * cell.width;
  const y = 12 + row * cell.height;
  const [ink, paper] = inverse ? [bg ?? background, fg] : [fg, bg];
  if (paper)
    shapes.push(
      `<rect x="${x}" y="${y}" width="${width * cell.width}" height="${cell.height}" fill="${paper}"/>`,
    );
  if (text.trim() === '') return;
  const weight = bold ? ' font-weight="bold"' : '';
  shapes.push(
    `<text x="${x}" y="${y + 14}" fill="${ink}"${weight} textLength="${width * cell.width}">${escaped(text)}</text>`,
  );
}

function apply(style, codes) {
  const next = { ...style };
  for (let at = 0; at < codes.length; at++) {
    const code = codes[at];
    if (code === 0) for (const key of Object.keys(next)) delete next[key];
    else if (code === 1) next.bold = true;
    else if (code === 7) next.inverse = true;
    else if (code === 27) delete next.inverse;
    else if (code === 39) delete next.fg;
    else if (code === 49) delete next.bg;
    else if (code >= 30 && code <= 37) next.fg = palette[code - 30];
    else if (code >= 90 && code <= 97) next.fg = bright[code - 90];
    else if (code >= 40 && code <= 47) next.bg = palette[code - 40];
    else if (code >= 100 && code <= 107) next.bg = bright[code - 100];
    else if ((code === 38 || code === 48) && codes[at + 1] === 5) {
      next[code === 38 ? 'fg' : 'bg'] = indexed(codes[at + 2]);
      at += 2;
    }
  }
  return next;
}

function indexed(index) {
  if (index < 8) return palette[index];
  if (index < 16) return bright[index - 8];
  if (index >= 232) return `rgb(${Array(3).fill(8 + (index - 232) * 10)})`;
  const level = (step) => (step === 0 ? 0 : 55 + step * 40);
  const cube = index - 16;
  return `rgb(${level(Math.floor(cube / 36))},${level(Math.floor(cube / 6) % 6)},${level(cube % 6)})`;
}
