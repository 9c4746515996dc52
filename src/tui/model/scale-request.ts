import { label } from '../../api/labels.js';
import type { ScaleEdit } from '../tui-client.js';
import type { Model, ScaleRequest } from './model.js';
import { selectedServing } from './selected-serving.js';
import { selectedLine } from './tree.js';

/** What + or − on the selected line asks for: a group scales spec.replicas, a role or pod its role. undefined: nothing to scale. */
export function startScale(model: Model, step: 1 | -1): ScaleRequest | undefined {
  const serving = selectedServing(model);
  if (!serving) return undefined;
  const line = selectedLine(model);
  const role =
    line?.kind === 'role'
      ? line.role.spec.role
      : line?.kind === 'pod' || line?.kind === 'container'
        ? line.pod.metadata.labels?.[label.role]
        : undefined;
  const current = role
    ? serving.spec.template.roles.find((each) => each.name === role)?.replicas
    : serving.spec.replicas;
  if (current === undefined) return undefined;
  const { namespace, name } = serving.metadata;
  return {
    namespace,
    name,
    role,
    from: current,
    to: Math.max(0, current + step),
    outcome: { state: 'asking' },
  };
}

export const editOf = (request: ScaleRequest): ScaleEdit =>
  request.role === undefined ? { replicas: request.to } : { roleReplicas: { [request.role]: request.to } };

/** "replicas 2 → 3" or "role decode 1 → 2". */
export const scaleWords = (request: ScaleRequest): string =>
  `${request.role === undefined ? 'replicas' : `role ${request.role}`} ${request.from} → ${request.to}`;

/** Whether two requests ask for the same: an answer to an older one is ignored. */
export const sameScale = (a: ScaleRequest, b: ScaleRequest): boolean =>
  a.namespace === b.namespace && a.name === b.name && a.role === b.role && a.to === b.to;
