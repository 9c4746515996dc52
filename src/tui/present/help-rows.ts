import { keySections, printKeys } from '../key-sections.js';
import { type KeyBinding, printKey, type View } from '../keys.js';
import { padText, wrapText } from '../text/cell-width.js';
import type { Context } from './context.js';
import { type Row, row, span } from './styled.js';

/** Every key with what it does, printed from the table. */
export function helpRows({ columns, glyphs, model }: Context): Row[] {
  const keyWidth = Math.min(22, Math.floor(columns / 3));
  const rows = keySections(model.bindings).flatMap(({ title, bindings }) => [
    row(span(title, 'title')),
    ...bindings.flatMap((binding) => {
      const [first = '', ...rest] = wrapText(binding.help, columns - keyWidth - 2);
      const keys = printKeys(binding, glyphs.ascii);
      return [
        row('  ', span(padText(keys, keyWidth, glyphs.ellipsis), 'key'), first),
        ...rest.map((line) => row(' '.repeat(keyWidth + 2) + line)),
      ];
    }),
    row(),
  ]);
  const { level, cell } = glyphs;
  return [
    ...rows,
    row(span('Signs', 'title')),
    row(
      `  ${level.good} Running   ${level.busy} on its way   ${level.bad} failing; the word beside says what`,
    ),
    row(
      `  Stages: ${cell['✅']} as wanted   ${cell['❎']} still to be changed   ${cell['⏳']} creating, scaling or deleting`,
    ),
  ];
}

/** The keys of a view that have a word for the footer. */
export const footerKeys = (
  view: View,
  ascii: boolean,
  bindings: readonly KeyBinding[],
): { key: string; short: string }[] =>
  bindings
    .filter((binding) => binding.short !== undefined && binding.views.includes(view))
    .map((binding) => ({
      key:
        binding.action === 'more' || binding.action === 'faster'
          ? '+ -'
          : printKey(binding.keys[0] ?? '', ascii),
      short: binding.short ?? '',
    }));
