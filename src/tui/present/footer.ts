import { annotation } from '../../api/labels.js';
import { groupLabel } from '../../api/names.js';
import type { Stage } from '../../api/types/resources.js';
import type { CommandRequest } from '../model/command-state.js';
import { eventFilterHelp } from '../model/event-filter.js';
import type { Prompt, ScaleRequest } from '../model/model.js';
import { commandOf } from '../model/next-try.js';
import { scaleWords } from '../model/scale-request.js';
import { wrapText } from '../text/cell-width.js';
import { cleanText } from '../text/clean-text.js';
import type { Context } from './context.js';
import { footerKeys } from './help-rows.js';
import { paletteRows } from './palette-rows.js';
import { type Row, row, span } from './styled.js';

/** The bottom of the screen: what is asked, else what the last key did, else the keys. */
export function footerRows(context: Context): Row[] {
  const { model, glyphs } = context;
  if (model.prompt.kind === 'filter')
    return [
      row(span('/', 'key'), model.filter, glyphs.cursor, span('  enter keeps, esc drops', 'dim')),
      ...(model.view === 'events' ? [row(span(eventFilterHelp, 'dim'))] : []),
    ];
  if (model.prompt.kind === 'pattern') return patternRows(context, model.prompt);
  if (model.prompt.kind === 'save') return saveRows(context, model.prompt);
  if (model.prompt.kind === 'scale') return scaleRows(context, model.prompt.request);
  if (model.prompt.kind === 'confirm') return confirmRows(context, model.prompt.request);
  if (model.prompt.kind === 'palette') return paletteRows(context, model.prompt);
  if (model.flash) {
    const style = model.flash.bad ? 'bad' : 'good';
    return wrapText(cleanText(model.flash.text), context.columns).map((text) => row(span(text, style)));
  }
  return [keyRow(context)];
}

function patternRows({ glyphs }: Context, prompt: Extract<Prompt, { kind: 'pattern' }>): Row[] {
  const { use, text, problem } = prompt;
  const typed = [span(use === 'search' ? 'search /' : 'only /', 'key'), text, glyphs.cursor];
  const said =
    problem === '' ? span('  enter keeps, esc drops', 'dim') : span(`  no expression yet: ${problem}`, 'bad');
  return [row(...typed, said)];
}

function saveRows({ glyphs }: Context, { text, state, message }: Extract<Prompt, { kind: 'save' }>): Row[] {
  const typed = row(span('save to ', 'key'), text, glyphs.cursor);
  switch (state) {
    case 'asking':
      return [typed, answers('enter do it', 'esc no')];
    case 'saving':
      return [typed, row(span(`writing it ${glyphs.ellipsis}`, 'busy'))];
    case 'exists':
      return [typed, row(span('this file is there already', 'bad')), answers('enter overwrite it', 'esc no')];
    case 'refused':
      return [typed, row(span(cleanText(message), 'bad')), answers('enter try again', 'esc no')];
  }
}

/** As many keys as there is room for, each whole; the way back always. */
function keyRow({ model, glyphs, columns }: Context): Row {
  const back = model.view === 'main' ? [] : [{ key: 'esc', short: 'back' }];
  const gap = 2;
  const cells = ({ key, short }: { key: string; short: string }) => gap + key.length + 1 + short.length;
  let room = columns + gap - back.reduce((sum, each) => sum + cells(each), 0);
  const keys = footerKeys(model.view, glyphs.ascii, model.bindings).filter((each) => {
    room -= cells(each);
    return room >= 0;
  });
  return row(
    ...[...keys, ...back].flatMap(({ key, short }, index) => [
      index === 0 ? '' : ' '.repeat(gap),
      span(key, 'key'),
      span(` ${short}`, 'dim'),
    ]),
  );
}

/** What would be done, in words and as the command line that does the same. */
function confirmRows({ columns }: Context, request: CommandRequest): Row[] {
  return [
    ...wrapText(cleanText(`${request.what}?`), columns).map((text) => row(span(text, 'bold'))),
    row(span(request.text, 'dim')),
    answers('enter do it', 'esc no'),
  ];
}

/** "Scale default/sample: replicas 2 → 3", what that will do or why not, and the keys that answer. */
function scaleRows(context: Context, request: ScaleRequest): Row[] {
  const { columns, glyphs } = context;
  const head = row(
    span(`Scale ${request.namespace}/${request.name}: ${scaleWords(request)}`, 'bold'),
    request.role === undefined ? '' : span(' in every ServingGroup', 'dim'),
  );
  const { outcome } = request;
  switch (outcome.state) {
    case 'asking':
      return [
        head,
        row(span(`asking what it would do ${glyphs.ellipsis}`, 'dim')),
        answers('+ - change', 'esc no'),
      ];
    case 'sending':
      return [head, row(span(`writing it to the file ${glyphs.ellipsis}`, 'busy'))];
    case 'refused': {
      const lines = wrapText(`${glyphs.level.bad} refused: ${cleanText(outcome.message)}`, columns).slice(
        0,
        3,
      );
      return [head, ...lines.map((line) => row(span(line, 'bad'))), answers('+ - change', 'esc close')];
    }
    case 'planned':
      return [
        head,
        row(stageWords(outcome.stages)),
        diffRow(context, request),
        row(span(scaleCommand(context, request), 'dim')),
        answers('enter do it', '+ - change', 'esc no'),
      ];
  }
}

/** What changes in the file. */
function diffRow({ model }: Context, { namespace, name, role, from, to }: ScaleRequest): Row {
  const serving = model.data.modelservings.get(`${namespace}/${name}`);
  const file = serving?.metadata.annotations?.[annotation.file] ?? `${namespace}/${name}`;
  const where = role === undefined ? '' : `role ${role} `;
  return row(
    span(`${cleanText(file)}  ${where}`, 'dim'),
    span(`- replicas: ${from}`, 'bad'),
    '  ',
    span(`+ replicas: ${to}`, 'good'),
  );
}

const scaleCommand = ({ model }: Context, { namespace, name, role, to }: ScaleRequest): string =>
  commandOf(
    model,
    namespace,
    `scale ${name} ${role === undefined ? `--replicas ${to}` : `--role ${role}=${to}`}`,
  );

/** Keys with what they do: the last words after the key. */
const answers = (...texts: readonly string[]): Row =>
  row(
    ...texts.flatMap((text) => {
      const [, key = '', words = ''] = /^(enter|esc|\+ -) (.*)$/.exec(text) ?? [];
      return [span(key, 'key'), span(` ${words}  `, 'dim')];
    }),
  );

/** "4 stages; changes G-3, G-2, G-1, G-0": in the order in which they are worked on. */
function stageWords(stages: readonly Stage[]): string {
  if (stages.length < 2) return 'changes nothing';
  const order: number[] = [];
  for (const stage of stages)
    for (const [ordinal, cell] of stage.cells.entries())
      if (cell === '⏳' && !order.includes(ordinal)) order.push(ordinal);
  const named =
    order.slice(0, 8).map(groupLabel).join(', ') + (order.length > 8 ? ` and ${order.length - 8} more` : '');
  return `${stages.length} stages${order.length > 0 ? `; works on ${named}` : ''}`;
}
