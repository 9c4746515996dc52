/** Actions on the selected line, the question before them, and the answer after them. */
import { type ActionName, doingOf } from './actions.js';
import type { CommandRequest } from './command-state.js';
import { enterView } from './enter-view.js';
import type { Model } from './model.js';
import { only, type Step } from './step.js';
import type { TreeLine } from './tree.js';

export function actOnLine(model: Model, action: ActionName, line: TreeLine | undefined): Step {
  const doing = doingOf(model, action, line);
  switch (doing.kind) {
    case 'refused':
      return only({ ...model, flash: { bad: true, text: doing.why } });
    case 'effect':
      return {
        model: { ...model, flash: { bad: false, text: doing.text.replace(/^copy /, 'copied ') } },
        effects: [doing.effect],
      };
    case 'command':
      if (doing.asks) return only({ ...model, prompt: { kind: 'confirm', request: doing.request } });
      return runCommand(model, doing.request, false);
  }
}

/** `isShown`: its output is what was asked for; else it is opened only when the command fails. */
export function runCommand(model: Model, request: CommandRequest, isShown: boolean): Step {
  const id = (model.output?.id ?? 0) + 1;
  const output = { id, request, state: 'running', exitCode: 0, lines: [] } as const;
  const flash = { bad: false, text: request.text };
  const started: Model = { ...model, prompt: { kind: 'none' }, output, flash };
  return {
    model: isShown && !request.interactive ? { ...enterView(started, 'output'), flash: undefined } : started,
    effects: [{ type: 'run', id, request, isShown }],
  };
}

export function answerConfirm(model: Model, request: CommandRequest, key: string): Step {
  if (key === 'y' || key === 'enter') return runCommand(model, request, false);
  if (key === 'escape' || key === 'n' || key === 'q') return only({ ...model, prompt: { kind: 'none' } });
  return only(model);
}

interface Ended {
  readonly id: number;
  readonly request: CommandRequest;
  readonly exitCode: number;
  readonly lines: readonly string[];
}

/** Of a command that another one followed. */
const endedBadly = (model: Model, { text }: CommandRequest, lines: readonly string[]): Model => ({
  ...model,
  flash: { bad: true, text: `${text}: ${firstWords(lines) ?? 'it failed'}` },
});
const firstWords = (lines: readonly string[]): string | undefined => lines.find((line) => line.trim() !== '');

/** What a command said: in a line when all went well, in a view of its own when not. */
export function commandEnded(model: Model, { id, request, exitCode, lines }: Ended): Model {
  const { output } = model;
  if (output?.id !== id) return exitCode === 0 ? model : endedBadly(model, request, lines);
  const ended: Model = { ...model, output: { ...output, state: 'ended', exitCode, lines } };
  if (model.view === 'output') return ended;
  // A shell's exit code is that of its last command, and what it said was seen.
  if (output.request.interactive) return { ...ended, flash: undefined };
  if (exitCode !== 0) return { ...enterView(ended, 'output'), flash: undefined };
  const said = firstWords(lines) ?? 'done';
  return { ...ended, flash: { bad: false, text: `${said}  (${output.request.text})` } };
}
