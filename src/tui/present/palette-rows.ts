import { entryCommand, paletteEntries } from '../model/palette.js';
import { padText } from '../text/cell-width.js';
import type { Context } from './context.js';
import { type Row, row, span } from './styled.js';

const wordCells = 14;

/** What the typed text may mean, and below it the text itself. */
export function paletteRows(context: Context, prompt: { readonly text: string; readonly at: number }): Row[] {
  const { model, glyphs } = context;
  const entries = paletteEntries(prompt.text);
  const room = Math.max(1, Math.floor(model.size.rows / 2) - 1);
  const at = Math.min(prompt.at, entries.length - 1);
  const top = Math.max(0, Math.min(at - Math.floor(room / 2), entries.length - room));
  const listed = entries.slice(top, top + room).map((entry, index) => {
    const isChosen = top + index === at;
    const command = entryCommand(model, entry);
    const line = row(
      `${isChosen ? glyphs.pointer : ' '} `,
      span(padText(entry.word, wordCells, glyphs.ellipsis), 'key'),
      command === '' ? entry.help : command,
    );
    return { ...line, selected: isChosen };
  });
  const none = row(span('enter runs it as a command line: get pods -o wide, rollout history NAME', 'dim'));
  return [...(listed.length > 0 ? listed : [none]), row(span(':', 'key'), prompt.text, glyphs.cursor)];
}
