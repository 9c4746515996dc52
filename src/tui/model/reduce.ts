/** All that can happen to the screen, and what it makes of the model. Pure: what the world must do is returned as effects. */
import type { Node, ScalingOperation, Stage } from '../../api/types/resources.js';
import type { FailedRun, MeasuredPod, TuiInfo } from '../tui-client.js';
import { commandEnded } from './act-on-line.js';
import { logSaved } from './answer-log-prompt.js';
import { applyChanges, type Heard } from './apply-changes.js';
import type { CommandRequest } from './command-state.js';
import { type Draft, takeDraft } from './draft.js';
import { joinLogs } from './join-logs.js';
import { keepPlace } from './log-layout.js';
import { addToLog, endLog, type LogPiece, type LogState } from './log-state.js';
import type { Model, ScaleRequest, Size } from './model.js';
import { selectAt } from './move.js';
import { pressKey, toggle } from './press-key.js';
import { sameScale, scaleWords } from './scale-request.js';
import { only, type Step } from './step.js';
import { selectedLine, treeLines } from './tree.js';
import { takeUsage } from './usage.js';
import { followWhy, takeFailures } from './why-evidence.js';

export type Message =
  | { readonly type: 'changes'; readonly batch: readonly Heard[] }
  /** `maxScroll`: how far the screen last drawn can be scrolled. `character`: what the key types, '' for others. */
  | { readonly type: 'key'; readonly key: string; readonly character: string; readonly maxScroll: number }
  | { readonly type: 'resized'; readonly size: Size }
  | { readonly type: 'info'; readonly info: TuiInfo }
  | { readonly type: 'logText'; readonly generation: number; readonly pieces: readonly LogPiece[] }
  | {
      readonly type: 'logEnd';
      readonly generation: number;
      readonly stream: number;
      readonly message: string;
    }
  /** `exists`: it was not written, because that file is there. */
  | { readonly type: 'saved'; readonly file: string; readonly exists: boolean; readonly problem: string }
  | { readonly type: 'drafted'; readonly draft: Draft }
  | { readonly type: 'failures'; readonly key: string; readonly failures: readonly FailedRun[] | undefined }
  | {
      readonly type: 'ran';
      readonly id: number;
      readonly request: CommandRequest;
      readonly exitCode: number;
      readonly lines: readonly string[];
    }
  | { readonly type: 'said'; readonly bad: boolean; readonly text: string }
  /** A click on a row of the screen, with the line of the tree that stands there. */
  | { readonly type: 'click'; readonly id: string }
  | { readonly type: 'usage'; readonly pods: readonly MeasuredPod[] }
  | { readonly type: 'planned'; readonly request: ScaleRequest; readonly stages: readonly Stage[] }
  | { readonly type: 'refused'; readonly request: ScaleRequest; readonly message: string }
  | { readonly type: 'scaled'; readonly request: ScaleRequest };

export function reduce(model: Model, message: Message): Step {
  switch (message.type) {
    case 'changes':
      return followWhy(hearChanges(model, message.batch));
    case 'key':
      return pressKey(model, message.key, message.character, message.maxScroll);
    case 'resized':
      return only(keepPlace(model, { ...model, size: message.size }));
    case 'info':
      return only({ ...model, info: message.info });
    case 'drafted':
      return only(takeDraft(model, message.draft));
    case 'failures':
      return only(takeFailures(model, message.key, message.failures));
    case 'ran':
      return only(commandEnded(model, message));
    case 'usage':
      return only({ ...model, usage: takeUsage(model.usage, message.pods) });
    case 'click':
      return only(clickLine(model, message.id));
    case 'said':
      return only({ ...model, flash: { bad: message.bad, text: message.text } });
    case 'logText':
      return only(changeLog(model, message.generation, (logs) => addToLog(logs, message.pieces)));
    case 'logEnd':
      return joinLogs(
        changeLog(model, message.generation, (logs) => endLog(logs, message.stream, message.message)),
      );
    case 'saved':
      return only(logSaved(model, message));
    case 'planned':
    case 'refused':
    case 'scaled':
      return only(answered(model, message));
  }
}

/** The first click selects, one on what is selected opens or closes it. */
function clickLine(model: Model, id: string): Model {
  if (model.prompt.kind !== 'none') return model;
  const index = treeLines(model).findIndex((line) => line.id === id);
  if (index < 0) return model;
  const line = selectedLine(model);
  return line?.id === id ? toggle(model, line) : selectAt(model, index);
}

function hearChanges(model: Model, batch: readonly Heard[]): Step {
  const next = applyChanges(unflashed(model, batch), batch);
  const isBack = model.connection.state !== 'live' && next.connection.state === 'live';
  return joinLogs(next, isBack || isEngineBack(model, next));
}

function isEngineBack({ data: before }: Model, { data: { nodes } }: Model): boolean {
  if (nodes === before.nodes) return false;
  const isReady = (node: Node | undefined) =>
    node?.status?.conditions?.find((each) => each.type === 'Ready')?.status === 'True';
  return [...nodes].some(
    ([key, node]) => isReady(node) && before.nodes.has(key) && !isReady(before.nodes.get(key)),
  );
}

function changeLog(model: Model, generation: number, change: (logs: LogState) => LogState): Model {
  if (model.logs?.generation !== generation) return model;
  // What is read stays where it is: the lines below it grow.
  return keepPlace(model, { ...model, logs: change(model.logs) });
}

/** What was told of a change is over when its operation is; bad news stays until a key is pressed. */
function unflashed(model: Model, batch: readonly Heard[]): Model {
  const isOver = batch.some(
    ({ resource, change }) =>
      resource === 'scalingoperations' &&
      'object' in change &&
      change.type === 'MODIFIED' &&
      (change.object as ScalingOperation).status.phase !== 'Running',
  );
  return isOver && model.flash?.bad === false ? { ...model, flash: undefined } : model;
}

function answered(model: Model, message: Extract<Message, { request: ScaleRequest }>): Model {
  const { prompt } = model;
  if (message.type === 'scaled') {
    const flash = { bad: false, text: `${scaleWords(message.request)} is written to the file` };
    return { ...model, flash, prompt: { kind: 'none' } };
  }
  if (prompt.kind !== 'scale' || !sameScale(prompt.request, message.request)) return model;
  const outcome =
    message.type === 'planned'
      ? ({ state: 'planned', stages: message.stages } as const)
      : ({ state: 'refused', message: message.message } as const);
  return { ...model, prompt: { kind: 'scale', request: { ...prompt.request, outcome } } };
}
