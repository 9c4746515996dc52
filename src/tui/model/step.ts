import type { Effect, Model } from './model.js';

/** What a message makes of the model, and what it asks of the world. */
export interface Step {
  readonly model: Model;
  readonly effects: readonly Effect[];
}
export const only = (model: Model): Step => ({ model, effects: [] });
