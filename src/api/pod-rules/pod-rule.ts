import type { Container, PodSpec } from 'kubernetes-types/core/v1.js';
import type { Problem } from '../problem.js';

/** `path` is below the pod's spec. */
export type Report = (message: string, path: Problem['path'], hint: string, code?: string) => void;

/** Finds what contradicts itself in one pod spec whose shape is right. Pure. */
export type PodRule = (spec: PodSpec, report: Report) => void;

export type ContainerKind = 'initContainers' | 'containers';

/** Every container with where it stands; a sidecar is an init container that restarts always. */
export function eachContainer(
  spec: PodSpec,
  visit: (container: Container, path: readonly (string | number)[], kind: ContainerKind) => void,
): void {
  for (const kind of ['initContainers', 'containers'] as const)
    spec[kind]?.forEach((container, at) => void visit(container, [kind, at], kind));
}

/** The names of the fields that are set, of those of which only one may be. */
export const setFields = (of: object, names: readonly string[]): string[] =>
  names.filter((name) => (of as Record<string, unknown>)[name] !== undefined);
