import type { View } from '../keys.js';
import type { Model } from './model.js';

/** Opens a view above the one on screen; one that is open already is gone back to. */
export function enterView(model: Model, view: View): Model {
  if (model.view === view) return model;
  const at = model.under.indexOf(view);
  const under = at >= 0 ? model.under.slice(0, at) : [...model.under, model.view];
  return { ...model, view, under, scroll: 0 };
}

/** To the view that this one was opened from. */
export function leaveView(model: Model): Model {
  const view = model.under.at(-1) ?? 'main';
  return { ...model, view, under: model.under.slice(0, -1), scroll: 0 };
}
