/** Opening a log, and the keys of the log view. */
import type { KeyAction } from '../keys.js';
import { enterView } from './enter-view.js';
import { containersOf, type LogState, runOf } from './log-state.js';
import type { Model } from './model.js';
import { only, type Step } from './step.js';
import { podsUnder, type TreeLine } from './tree.js';

/** The log of the line's pod, or of the first pod under it. */
export function openLogs(model: Model, line: TreeLine | undefined): Step {
  const pod = line && podsUnder(model, line)[0];
  if (!pod) return only({ ...model, flash: { bad: true, text: 'no pod here yet' } });
  const container = line.kind === 'container' ? line.container.name : (containersOf(pod)[0] ?? '');
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
    model: { ...enterView(model, 'logs'), scroll: 0, logs, logGeneration },
    effects: [{ type: 'openLogs', logs }],
  };
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
