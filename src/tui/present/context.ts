import type { Model } from '../model/model.js';
import { cellWidth } from '../text/cell-width.js';
import { asciiText, type Glyphs } from './glyphs.js';
import { type Row, row, type Style, span } from './styled.js';

/** What every panel is made from. `nowMs` is epoch milliseconds, for ages. */
export interface Context {
  readonly model: Model;
  readonly glyphs: Glyphs;
  readonly nowMs: number;
  readonly columns: number;
}

/** `── Title ─────────────` over the whole width. */
export function titleRow({ glyphs, columns }: Context, title: string, style: Style = 'title'): Row {
  const start = `${glyphs.line.repeat(2)} `;
  const text = glyphs.ascii ? asciiText(title) : title;
  const room = columns - cellWidth(start) - cellWidth(text) - 1;
  const fill = room > 0 ? ` ${glyphs.line.repeat(room)}` : '';
  return row(span(start, 'dim'), span(text, style), span(fill, 'dim'));
}
