/** Keys while the bottom line asks for a regular expression or a file for the log. */
import { cleanText } from '../text/clean-text.js';
import { logPattern } from './log-pattern.js';
import { goToMatch } from './log-search.js';
import type { LogState } from './log-state.js';
import { logsCommand } from './log-target.js';
import { logAsText } from './log-text.js';
import type { Model, Prompt } from './model.js';
import { only, type Step } from './step.js';

type PatternPrompt = Extract<Prompt, { kind: 'pattern' }>;
type SavePrompt = Extract<Prompt, { kind: 'save' }>;

/** The text after a key; undefined for keys that do not type. */
function typed(text: string, key: string, character: string): string | undefined {
  if (key === 'backspace') return [...text].slice(0, -1).join('');
  if (key === 'C-u') return '';
  return character === '' ? undefined : text + cleanText(character);
}

/** The expression acts while it is typed, as far as it is one; esc brings back what was `before`. */
export function answerPattern(model: Model, prompt: PatternPrompt, key: string, character: string): Model {
  const { logs } = model;
  const closed: Model = { ...model, prompt: { kind: 'none' } };
  if (!logs) return closed;
  if (key === 'escape') return { ...closed, logs: { ...logs, ...prompt.before } };
  if (key === 'enter') {
    if (prompt.problem !== '') return model;
    const done = { ...logs, ...(prompt.text === '' && without(prompt.use)) };
    return prompt.use === 'search' && prompt.text !== ''
      ? goToMatch(closed, done, -1)
      : { ...closed, logs: done };
  }
  const text = typed(prompt.text, key, character);
  if (text === undefined) return model;
  const pattern = logPattern(text);
  if ('problem' in pattern) return { ...model, prompt: { ...prompt, text, problem: pattern.problem } };
  const next = { ...prompt, text, problem: '' };
  if (prompt.use === 'search')
    return { ...model, prompt: next, logs: { ...logs, search: { pattern, at: undefined } } };
  return { ...model, prompt: next, logs: { ...logs, filter: pattern }, scroll: 0 };
}

const without = (use: PatternPrompt['use']): Partial<LogState> => ({ [use]: undefined });

/** Enter writes the file, a second one over a file that is there. */
export function answerSave(model: Model, prompt: SavePrompt, key: string, character: string): Step {
  const { logs } = model;
  if (prompt.state === 'saving') return only(model);
  if (key === 'escape' || !logs) return only({ ...model, prompt: { kind: 'none' } });
  if (key === 'enter') {
    if (prompt.text === '') return only(model);
    const effect = {
      type: 'saveLog',
      file: prompt.text,
      text: logAsText(logs),
      overwrite: prompt.state === 'exists',
    } as const;
    return { model: { ...model, prompt: { ...prompt, state: 'saving' } }, effects: [effect] };
  }
  const text = typed(prompt.text, key, character);
  return only(text === undefined ? model : { ...model, prompt: { ...prompt, text, state: 'asking' } });
}

/** What came of it. */
export function logSaved(
  model: Model,
  { file, exists, problem }: { file: string; exists: boolean; problem: string },
): Model {
  const { prompt, logs } = model;
  if (prompt.kind !== 'save' || !logs) return model;
  if (exists) return { ...model, prompt: { ...prompt, state: 'exists' } };
  if (problem !== '') return { ...model, prompt: { ...prompt, state: 'refused', message: problem } };
  const text = `saved to ${file}; whole: ${logsCommand(model, logs, true)} > ${file}`;
  return { ...model, prompt: { kind: 'none' }, flash: { bad: false, text } };
}
