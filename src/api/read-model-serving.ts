import { applyDefaults } from './apply-defaults.js';
import { checkShape } from './check-shape.js';
import type { Problem } from './problem.js';
import { modelServingShape } from './schema/model-serving-shape.js';
import { labelKeyProblems, labelValueProblems } from './selectors/label-syntax.js';
import type { ModelServing } from './types/model-serving.js';
import { validateMisshapen, validateModelServing } from './validate-model-serving.js';

/** Finds the ModelServing that is in force in the place of a written one. */
export type InForce = (written: ModelServing) => ModelServing | undefined;

/** Where that is not known: what depends on it is left to the daemon. */
export const leftToTheDaemon: InForce = (written) => written;

/**
 * A document of this kind as a ModelServing with its defaults; undefined when there is an error among the problems. Held against the one in
 * force, where that is known. Pure.
 */
export function readModelServing(
  value: unknown,
  problems: Problem[],
  inForce?: InForce,
): ModelServing | undefined {
  const checked = checkShape(value, modelServingShape, [], problems);
  problems.push(...labelProblems(value, ['metadata']));
  const object = applyDefaults((checked ?? {}) as Parameters<typeof applyDefaults>[0]);
  const misshapen = problems.filter(({ severity }) => severity === 'error').map(({ path }) => path);
  const before = inForce?.(object);
  problems.push(
    ...(misshapen.length > 0
      ? validateMisshapen(object, misshapen, before)
      : validateModelServing(object, before)),
  );
  return problems.some(({ severity }) => severity === 'error') ? undefined : object;
}

/** What is wrong with labels and the keys of annotations. */
function labelProblems(value: unknown, path: Problem['path']): Problem[] {
  const { labels, annotations } = ((value as { metadata?: Marked } | null)?.metadata ?? {}) as Marked;
  const at = (field: string, key: string, texts: readonly string[]): Problem[] =>
    texts.map((message) => ({
      severity: 'error',
      code: 'InvalidValue',
      message: `"${key}": ${message}`,
      path: [...path, field, key],
    }));
  return [
    ...Object.entries(labels ?? {}).flatMap(([key, each]) => [
      ...at('labels', key, labelKeyProblems(key)),
      ...(typeof each === 'string' ? at('labels', key, labelValueProblems(each)) : []),
    ]),
    ...Object.keys(annotations ?? {}).flatMap((key) =>
      at('annotations', key, labelKeyProblems(key.toLowerCase())),
    ),
  ];
}

type Marked = { readonly labels?: Readonly<Record<string, unknown>>; readonly annotations?: object };
