/** Up and down: the selection in the tree, the first line of a text. */
import { keyOf, type Model } from './model.js';
import { selectedServing } from './selected-serving.js';
import { selectedIndex, treeLines } from './tree.js';

const farDown = Number.MAX_SAFE_INTEGER;
export type Move = 'up' | 'down' | 'first' | 'last' | 'pageUp' | 'pageDown';
const moveBy = (model: Model, move: Move): number => {
  const page = Math.max(1, Math.floor(model.size.rows / 2));
  return { up: -1, down: 1, first: -farDown, last: farDown, pageUp: -page, pageDown: page }[move];
};

export function select(model: Model, move: Move): Model {
  const last = treeLines(model).length - 1;
  return selectAt(model, Math.max(0, Math.min(last, selectedIndex(model) + moveBy(model, move))));
}

export function selectAt(model: Model, index: number): Model {
  const line = treeLines(model)[index];
  const selected = { id: line?.id ?? '', index };
  const shown = selectedServing(model);
  // In the tree of all, the ModelServing on screen is the one that the line belongs to.
  if (!line || !shown || line.serving === keyOf(shown)) return { ...model, selected };
  return { ...model, selected, serving: line.serving, operation: undefined, boardLeft: undefined };
}

/** Logs count from their end, so that what is new pushes; other texts from their start. */
export function scrollText(model: Model, move: Move): Model {
  const step = moveBy(model, move);
  if (model.view !== 'logs' || !model.logs) return { ...model, scroll: clampScroll(model.scroll + step) };
  const scroll = clampScroll(model.scroll - step);
  return {
    ...model,
    scroll,
    logs: { ...model.logs, follow: scroll === 0 && (model.logs.follow || step > 0) },
  };
}
const clampScroll = (scroll: number): number => Math.max(0, Math.min(farDown, scroll));
