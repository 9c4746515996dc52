import type { ContainerRef } from '../api/pod-sessions.js';
import { AppError } from '../lib/app-error.js';
import type { ContainerDetails } from './engine.js';
import type { PodRegistry } from './pod-registry.js';
import { latestOf, type PodState } from './pod-state.js';

/** The Pod and the container meant, with its newest run. Throws NotFound for what is unknown. */
export function findContainer(
  registry: PodRegistry,
  wanted: ContainerRef,
): { state: PodState; name: string; latest: ContainerDetails | undefined } {
  const state = [...registry.states.values()].find(
    (s) => s.pod.metadata.name === wanted.pod && s.pod.metadata.namespace === wanted.namespace,
  );
  if (!state) throw new AppError('NotFound', `pods "${wanted.pod}" not found`);
  const names = [...state.pod.spec.containers, ...(state.pod.spec.initContainers ?? [])].map((c) => c.name);
  const byDefault = state.pod.metadata.annotations?.['kubectl.kubernetes.io/default-container'];
  const name = wanted.container ?? byDefault ?? names[0] ?? '';
  if (!names.includes(name)) {
    throw new AppError('NotFound', `container ${name} is not valid for pod ${wanted.pod}`, {
      hint: `its containers: ${names.join(', ')}`,
    });
  }
  return { state, name, latest: latestOf(state, name) };
}
