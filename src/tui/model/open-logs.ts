/** Opening a log, and the keys of the log view. */
import type { Pod } from '../../api/types/resources.js';
import type { KeyAction } from '../keys.js';
import { containersOf, type LogState, runOf } from './log-state.js';
import type { Model } from './model.js';
import { only, type Step } from './step.js';
import { type TreeLine, treeLines } from './tree.js';

/** The log of the line's pod, or of the first pod under it. */
export function openLogs(model: Model, line: TreeLine | undefined): Step {
  const pod = line && podUnder(model, line);
  if (!pod) return only({ ...model, flash: { bad: true, text: 'no pod here yet' } });
  const container = containersOf(pod)[0] ?? '';
  return startLogs(
    { ...model, filter: '' },
    {
      generation: 0,
      namespace: pod.metadata.namespace,
      pod: pod.metadata.name,
      container,
      previous: false,
      timestamps: false,
      follow: true,
      wrap: false,
      left: 0,
      lines: [],
      partial: '',
      dropped: 0,
      end: { state: 'open' },
      run: '',
    },
  );
}

/** A new stream for what `wanted` names; lines of the one before are gone. */
function startLogs(model: Model, wanted: LogState): Step {
  const pod = model.data.pods.get(`${wanted.namespace}/${wanted.pod}`);
  const logGeneration = model.logGeneration + 1;
  const logs: LogState = {
    ...wanted,
    generation: logGeneration,
    lines: [],
    partial: '',
    dropped: 0,
    left: 0,
    end: { state: 'open' },
    run: runOf(pod, wanted.container),
  };
  return {
    model: { ...model, view: 'logs', scroll: 0, logs, logGeneration },
    effects: [{ type: 'openLogs', logs }],
  };
}

function podUnder(model: Model, line: TreeLine): Pod | undefined {
  if (line.kind === 'pod') return line.pod;
  // A closed branch has pods too: look with everything open.
  const lines = treeLines({ ...model, closed: new Set(), filter: '' });
  const at = lines.findIndex((each) => each.id === line.id);
  for (const each of lines.slice(at + 1)) {
    if (each.depth <= line.depth) return undefined;
    if (each.kind === 'pod') return each.pod;
  }
  return undefined;
}

export function actOnLogs(model: Model, logs: LogState, action: KeyAction): Step {
  switch (action) {
    case 'follow':
      return only({ ...model, scroll: 0, logs: { ...logs, follow: !logs.follow } });
    case 'wrap':
      return only({ ...model, logs: { ...logs, wrap: !logs.wrap, left: 0 } });
    case 'scrollLeft':
    case 'scrollRight': {
      const left = Math.max(0, logs.left + (action === 'scrollRight' ? 20 : -20));
      return only({ ...model, logs: { ...logs, left } });
    }
    case 'previousLogs':
      return startLogs(model, { ...logs, previous: !logs.previous });
    case 'timestamps':
      return startLogs(model, { ...logs, timestamps: !logs.timestamps });
    case 'container': {
      const pod = model.data.pods.get(`${logs.namespace}/${logs.pod}`);
      const names = pod ? containersOf(pod) : [];
      const next = names[(names.indexOf(logs.container) + 1) % names.length];
      if (next === undefined || next === logs.container)
        return only({ ...model, flash: { bad: false, text: 'the pod has one container' } });
      return startLogs(model, { ...logs, container: next, previous: false });
    }
    default:
      return only(model);
  }
}
