/** Opening the Why view, and asking the daemon for what it keeps of the failures of the pod to blame. */
import type { FailedRun } from '../tui-client.js';
import { enterView } from './enter-view.js';
import type { Model } from './model.js';
import { only, type Step } from './step.js';
import { selectedLine } from './tree.js';
import { explain } from './why.js';

/** About the selected line; a filter of a log or of events hides no line of the tree. */
export function openWhy(model: Model): Step {
  const inTree = model.view === 'main' || model.view === 'tree';
  const line = selectedLine(inTree ? model : { ...model, filter: '' });
  if (!line)
    return only({ ...model, flash: { bad: false, text: 'nothing runs yet that could be asked about' } });
  const opened = enterView(model, 'why');
  const why = { id: line.id, evidence: { key: '', state: 'told', failures: [] } } as const;
  return ask({ ...opened, why });
}

/** While the view is open: another pod to blame, or another run of it, is asked about. */
export const followWhy = (step: Step): Step => {
  if (step.model.view !== 'why') return step;
  const { model, effects } = ask(step.model);
  return { model, effects: [...step.effects, ...effects] };
};

function ask(model: Model): Step {
  const { why } = model;
  if (!why) return only(model);
  const blamed = explain(model, why.id)?.blamed;
  if (!blamed || blamed.key === why.evidence.key || model.replay) return only(model);
  const { namespace, name, key } = blamed;
  // What was told of the run before stays in sight until the answer is there.
  const evidence = { ...why.evidence, key, state: 'asking' } as const;
  return {
    model: { ...model, why: { ...why, evidence } },
    effects: [{ type: 'askFailures', key, namespace, pod: name }],
  };
}

export function takeFailures(model: Model, key: string, failures: readonly FailedRun[] | undefined): Model {
  const { why } = model;
  if (why?.evidence.key !== key) return model;
  const evidence = failures
    ? ({ key, state: 'told', failures } as const)
    : ({ key, state: 'refused', failures: [] } as const);
  return { ...model, why: { ...why, evidence } };
}
