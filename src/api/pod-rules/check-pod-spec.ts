import type { PodSpec } from 'kubernetes-types/core/v1.js';
import type { Problem } from '../problem.js';
import { dns, names, ports } from './names-and-ports.js';
import type { PodRule } from './pod-rule.js';
import { probesAndHooks } from './probes-and-hooks.js';
import { resources } from './resources.js';
import { security } from './security.js';
import { volumes } from './volumes.js';

const rules: readonly PodRule[] = [names, ports, dns, probesAndHooks, volumes, resources, security];

/** Everything Kubernetes' API server would refuse in a pod spec whose shape is right, all at once. `path` is where the spec stands. Pure. */
export function checkPodSpec(spec: PodSpec, path: Problem['path']): Problem[] {
  const problems: Problem[] = [];
  if (spec.containers.length === 0)
    problems.push({
      severity: 'error',
      code: 'MissingField',
      message: 'a pod needs a container',
      path: [...path, 'containers'],
    });
  for (const rule of rules)
    rule(spec, (message, below, hint, code = 'Contradiction') =>
      problems.push({ severity: 'error', code, message, hint, path: [...path, ...below] }),
    );
  if (spec.hostNetwork)
    problems.push({
      severity: 'warning',
      code: 'HostNetwork',
      message:
        "on the host's network a pod is not found by its name; it finds the entry pod of its own group",
      path: [...path, 'hostNetwork'],
      hint: 'leave it out where the pods only talk to each other',
    });
  return problems;
}
