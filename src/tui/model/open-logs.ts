/** Opening logs, and the keys of the log view. */
import type { KeyAction } from '../keys.js';
import { enterView } from './enter-view.js';
import { joinLogs } from './join-logs.js';
import { keepPlace, mostLeft } from './log-layout.js';
import { goToMatch } from './log-search.js';
import type { LogState } from './log-state.js';
import {
  type LogPlace,
  type LogTarget,
  logsCommand,
  placesOf,
  targetOf,
  targetWords,
  wholeRole,
  wider,
} from './log-target.js';
import type { Model } from './model.js';
import { only, type Step } from './step.js';
import type { TreeLine } from './tree.js';

const spans = [0, 1, 10, 60];
/** Cells. */
const sideStep = 20;

/** The logs of what a line stands for; of everything without one. */
export function openLogs(model: Model, line: TreeLine | undefined): Step {
  const target = line ? targetOf(line) : {};
  if (placesOf(model.data, target).length === 0) return only(flashed(model, 'no pod here yet', true));
  return startLogs(model, {
    generation: 0,
    target,
    scope: target,
    streams: [],
    leftOut: 0,
    previous: false,
    sinceMinutes: 0,
    timestamps: false,
    follow: true,
    wrap: false,
    left: 0,
    lines: [],
    dropped: 0,
    filter: undefined,
    search: undefined,
  });
}

/** New streams for what `wanted` names; lines of those before are gone. */
function startLogs(model: Model, wanted: LogState): Step {
  const logGeneration = model.logGeneration + 1;
  const logs: LogState = {
    ...wanted,
    generation: logGeneration,
    streams: [],
    leftOut: 0,
    lines: [],
    dropped: 0,
    left: 0,
    search: wanted.search && { ...wanted.search, at: undefined },
  };
  const { model: joined, effects } = joinLogs({
    ...enterView(model, 'logs'),
    scroll: 0,
    logs,
    logGeneration,
  });
  return { model: joined, effects: [{ type: 'closeLogs' }, ...effects] };
}

export function actOnLogs(model: Model, logs: LogState, action: KeyAction): Step {
  const changed = (change: Partial<LogState>): Step =>
    only(keepPlace(model, { ...model, logs: { ...logs, ...change } }));
  switch (action) {
    case 'follow':
      return only({ ...model, scroll: 0, logs: { ...logs, follow: !logs.follow } });
    case 'wrap':
      return changed({ wrap: !logs.wrap, left: 0 });
    case 'scrollLeft':
      return changed({ left: Math.max(0, logs.left - sideStep) });
    case 'scrollRight':
      return changed({ left: Math.min(mostLeft(logs, model.size.columns), logs.left + sideStep) });
    case 'timestamps':
      return changed({ timestamps: !logs.timestamps });
    case 'previousLogs':
      return startLogs(model, { ...logs, previous: !logs.previous });
    case 'since': {
      const sinceMinutes = spans[(spans.indexOf(logs.sinceMinutes) + 1) % spans.length] ?? 0;
      return startLogs(model, { ...logs, sinceMinutes });
    }
    case 'container':
      return nextContainer(model, logs);
    case 'wider': {
      const target = wider(logs.target);
      return targetWords(target) === targetWords(logs.target)
        ? only(flashed(model, 'these are all there are'))
        : showTarget(model, logs, target);
    }
    case 'roleLogs': {
      const target = wholeRole(logs.target);
      return target
        ? showTarget(model, logs, target)
        : only(flashed(model, 'open the logs of a role or pod first: no role is shown here alone', true));
    }
    case 'nextMatch':
    case 'previousMatch':
      return only(goToMatch(model, logs, action === 'nextMatch' ? 1 : -1));
    case 'search':
    case 'filterLog': {
      const use = action === 'search' ? 'search' : 'filter';
      const { filter, search } = logs;
      return only({
        ...model,
        prompt: { kind: 'pattern', use, text: '', problem: '', before: { filter, search } },
      });
    }
    case 'saveLog': {
      const text = `${targetWords(logs.target).replace(/[^\w.-]+/g, '-')}.log`;
      return only({ ...model, prompt: { kind: 'save', text, state: 'asking', message: '' } });
    }
    case 'copyLogsCommand': {
      const text = logsCommand(model, logs);
      return { model: flashed(model, `copied: ${text}`), effects: [{ type: 'copy', text }] };
    }
    default:
      return only(model);
  }
}

const showTarget = (model: Model, logs: LogState, target: LogTarget): Step =>
  startLogs(model, { ...logs, target, scope: target });

/** Each container of the scope alone, then all of them again. A container that was opened alone is one of its pod. */
function nextContainer(model: Model, logs: LogState): Step {
  const { target } = logs;
  const scope = logs.scope.container === undefined ? logs.scope : wider(logs.scope);
  const places = placesOf(model.data, scope);
  if (places.length < 2) return only(flashed(model, 'there is one container'));
  const at = places.findIndex((each) => isPlace(each, target));
  const next = places[at + 1];
  return startLogs(model, { ...logs, scope, target: next ? { ...scope, ...next } : scope });
}
const isPlace = (place: LogPlace, target: LogTarget): boolean =>
  place.namespace === target.namespace && place.pod === target.pod && place.container === target.container;

const flashed = (model: Model, text: string, bad = false): Model => ({ ...model, flash: { bad, text } });
