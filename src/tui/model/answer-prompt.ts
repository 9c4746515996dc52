/** Keys while the bottom line asks something. */

import { cleanText } from '../text/clean-text.js';
import type { Model, ScaleRequest } from './model.js';
import { editOf } from './scale-request.js';
import { only, type Step } from './step.js';

/** The filter acts while it is typed; esc brings back the one `before`. */
export function typeFilter(model: Model, before: string, key: string, character: string): Model {
  const fresh = { ...model, scroll: 0 };
  if (key === 'enter') return { ...model, prompt: { kind: 'none' } };
  if (key === 'escape') return { ...fresh, prompt: { kind: 'none' }, filter: before };
  if (key === 'backspace') return { ...fresh, filter: [...model.filter].slice(0, -1).join('') };
  if (key === 'C-u') return { ...fresh, filter: '' };
  return character === '' ? model : { ...fresh, filter: model.filter + cleanText(character) };
}

/** + and - change what is asked for, enter or y does it, esc or n does not. */
export function answerScale(model: Model, request: ScaleRequest, key: string): Step {
  // A request that is on its way cannot be taken back; its answer closes the prompt.
  if (request.outcome.state === 'sending') return only(model);
  const step = key === '+' || key === '=' ? 1 : key === '-' || key === '_' ? -1 : 0;
  if (step !== 0) return askScale(model, { ...request, to: Math.max(0, request.to + step) });
  if (key === 'enter' || key === 'y') {
    if (request.outcome.state === 'refused') return only({ ...model, prompt: { kind: 'none' } });
    if (request.to === request.from) return only({ ...model, prompt: { kind: 'none' } });
    const sending: ScaleRequest = { ...request, outcome: { state: 'sending' } };
    return {
      model: { ...model, prompt: { kind: 'scale', request: sending } },
      effects: [{ type: 'scale', request: sending, edit: editOf(sending) }],
    };
  }
  if (key === 'escape' || key === 'n' || key === 'q') return only({ ...model, prompt: { kind: 'none' } });
  return only(model);
}

/** Asks the daemon what a scale would do, and for a confirmation. */
export function askScale(model: Model, request: ScaleRequest): Step {
  const asking: ScaleRequest = { ...request, outcome: { state: 'asking' } };
  return {
    model: { ...model, prompt: { kind: 'scale', request: asking } },
    effects: [{ type: 'plan', request: asking, edit: editOf(asking) }],
  };
}
