import type { Model } from '../model/model.js';
import type { Glyphs } from './glyphs.js';
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
  const fill = glyphs.line.repeat(Math.max(0, columns));
  return row(span(start, 'dim'), span(title, style), span(` ${fill}`, 'dim'));
}
