import { basename } from 'node:path';
import { draftFiles } from '../model/draft.js';
import { keyOf } from '../model/model.js';
import { selectedServing } from '../model/selected-serving.js';
import { wrapText } from '../text/cell-width.js';
import { cleanText } from '../text/clean-text.js';
import { type Context, titleRow } from './context.js';
import { stageTable } from './stage-table.js';
import { type Row, row, span } from './styled.js';

/** What the draft of the file would cause, stage by stage; nothing when nobody asked. */
export function planRows(context: Context): Row[] {
  const { model, columns } = context;
  const { draft } = model;
  if (!draft) return [];
  const said = (text: string, style: 'dim' | 'bad') =>
    wrapText(cleanText(text), columns).map((line) => row(span(line, style)));
  const title = (words: string) => titleRow(context, `${words} ${context.glyphs.separator} P closes`);
  const { outcome, from } = draft;
  if (outcome.state === 'waiting') {
    const [wanted = ''] = draftFiles(draft.file);
    return [
      title('Plan of a draft'),
      ...said(`none yet: write the text that is not saved to ${wanted} (vim: :w! %.draft)`, 'dim'),
    ];
  }
  const name = `Plan of ${cleanText(basename(from))}`;
  if (outcome.state === 'refused')
    return [title(name), ...said(`${context.glyphs.level.bad} ${outcome.message}`, 'bad')];
  const serving = selectedServing(model);
  const key = serving && keyOf(serving);
  const plan = outcome.plans.find((each) => `${each.namespace}/${each.name}` === key);
  if (!plan || plan.stages.length === 0)
    return [title(name), ...said(plan ? 'no changes' : `it says nothing of ${key ?? 'it'}`, 'dim')];
  const { head, stages } = stageTable(context, { stages: plan.stages, isRunning: false }, 0);
  return [title(`${name}: ${plan.change}`), head, ...stages.flatMap((stage) => stage.whole)];
}
