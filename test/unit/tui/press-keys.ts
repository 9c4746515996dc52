import type { Effect, Model } from '../../../src/tui/model/model.js';
import { reduce } from '../../../src/tui/model/reduce.js';

/** The model after keys, one after another, with all effects; a one-character key types itself. */
export function pressKeys(model: Model, ...keys: string[]): { model: Model; effects: Effect[] } {
  const effects: Effect[] = [];
  let at = model;
  for (const key of keys) {
    const step = reduce(at, {
      type: 'key',
      key,
      character: [...key].length === 1 ? key : '',
      maxScroll: 1000,
    });
    at = step.model;
    effects.push(...step.effects);
  }
  return { model: at, effects };
}
