/** A file as somebody has it in an editor, written beside the one that is watched and not into it: what it would cause. */

import type { PlannedServing } from '../../api/control-types.js';
import { annotation } from '../../api/labels.js';
import type { Model } from './model.js';
import { selectedServing } from './selected-serving.js';
import { only, type Step } from './step.js';

export interface Draft {
  /** The file that is watched. */
  readonly file: string;
  /** Where the text was found; '' as long as there is none. */
  readonly from: string;
  readonly outcome:
    | { readonly state: 'waiting' }
    | { readonly state: 'planned'; readonly plans: readonly PlannedServing[] }
    | { readonly state: 'refused'; readonly message: string };
}

/** Where a text that is not saved yet is looked for, in this order. */
export const draftFiles = (file: string): readonly string[] => [`${file}.draft`, `${file}.new`];

/** Begins to look for the draft of the ModelServing on screen, or ends it. */
export function toggleDraft(model: Model): Step {
  if (model.draft) return { model: { ...model, draft: undefined }, effects: [{ type: 'closeDraft' }] };
  const refuse = (text: string) => only({ ...model, flash: { bad: true, text } });
  if (model.replay) return refuse('this is a recording: nothing of it can be planned');
  const serving = selectedServing(model);
  const file = serving?.metadata.annotations?.[annotation.file];
  if (file === undefined) return refuse('there is no file on this machine to plan a draft of');
  const draft: Draft = { file, from: '', outcome: { state: 'waiting' } };
  return { model: { ...model, draft }, effects: [{ type: 'openDraft', file }] };
}

/** What was found; of an older one it is ignored. */
export const takeDraft = (model: Model, found: Draft): Model =>
  model.draft?.file === found.file ? { ...model, draft: found } : model;
