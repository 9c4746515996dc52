import { allViews, type KeyBinding, keyBindings, printKey, replayBindings, type View } from '../keys.js';
import { padText, wrapText } from '../text/cell-width.js';
import type { Context } from './context.js';
import { type Row, row, span } from './styled.js';

const sections: readonly { readonly title: string; readonly has: (binding: KeyBinding) => boolean }[] = [
  { title: 'Everywhere', has: (binding) => binding.views.length === allViews.length },
  {
    title: 'Main view',
    has: (binding) => binding.views.length < allViews.length && binding.views.includes('main'),
  },
  {
    title: 'Logs',
    has: (binding) =>
      binding.views.length < allViews.length &&
      binding.views.includes('logs') &&
      !binding.views.includes('main'),
  },
];

/** Every key with what it does, printed from the table. */
export function helpRows({ columns, glyphs, model }: Context): Row[] {
  const keyWidth = Math.min(22, Math.floor(columns / 3));
  const rows = sections.flatMap(({ title, has }) => [
    row(span(title, 'title')),
    ...(model.replay ? replayBindings : keyBindings).filter(has).flatMap((binding) => {
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

function printKeys(binding: KeyBinding, ascii: boolean): string {
  if (binding.action === 'pickServing') return '1 ... 9';
  return binding.keys.map((key) => printKey(key, ascii)).join(' ');
}

/** The keys of a view that have a word for the footer. */
export const footerKeys = (
  view: View,
  ascii: boolean,
  bindings: readonly KeyBinding[] = keyBindings,
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
