import { lineAbove, scrollToMatch } from './log-layout.js';
import { matches } from './log-pattern.js';
import { type LogLine, type LogState, shownLogLines } from './log-state.js';
import type { Model } from './model.js';

/** The lines that the search finds, oldest first. */
export function foundLines(logs: LogState, shown = shownLogLines(logs)): readonly LogLine[] {
  const { search } = logs;
  return search ? shown.filter((line) => matches(search.pattern, line.text)) : [];
}

/** To the next (1) or previous (-1) match, round the ends; without a match before, to the last one that is not below the screen. */
export function goToMatch(model: Model, logs: LogState, step: 1 | -1): Model {
  const { search } = logs;
  if (!search) return { ...model, flash: { bad: false, text: 'nothing is searched for: / begins' } };
  const shown = shownLogLines(logs);
  const found = foundLines(logs, shown);
  if (found.length === 0)
    return { ...model, flash: { bad: true, text: `no line matches ${search.pattern.text}` } };
  const before = search.at ? found.indexOf(search.at) : -1;
  const at = before >= 0 ? before + step : lastAbove(model, logs, shown, found);
  const line = found[(at + found.length) % found.length];
  if (!line) return model;
  const isRound = at < 0 || at >= found.length;
  const text =
    step < 0 ? 'the first match is passed: on from the end' : 'the last match is passed: on from the start';
  return {
    ...model,
    scroll: scrollToMatch(model, logs, shown, line),
    logs: { ...logs, follow: false, search: { ...search, at: line } },
    flash: isRound && found.length > 1 ? { bad: false, text } : model.flash,
  };
}

function lastAbove(
  { size, scroll }: Model,
  logs: LogState,
  shown: readonly LogLine[],
  found: readonly LogLine[],
): number {
  const bottom = lineAbove(logs, size.columns, shown, scroll)?.index ?? 0;
  const at = found.findLastIndex((line) => shown.indexOf(line) <= bottom);
  return Math.max(0, at);
}
