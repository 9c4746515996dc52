import { applyDefaults } from './apply-defaults.js';
import { checkShape } from './check-shape.js';
import type { Problem } from './problem.js';
import { modelServingShape } from './schema/model-serving-shape.js';
import type { ModelServing } from './types/model-serving.js';
import { validateMisshapen, validateModelServing } from './validate-model-serving.js';

/** A document of this kind as a ModelServing with its defaults; undefined when there is an error among the problems. Pure. */
export function readModelServing(value: unknown, problems: Problem[]): ModelServing | undefined {
  const checked = checkShape(value, modelServingShape, [], problems);
  const object = applyDefaults((checked ?? {}) as Parameters<typeof applyDefaults>[0]);
  const misshapen = problems.filter(({ severity }) => severity === 'error').map(({ path }) => path);
  problems.push(
    ...(misshapen.length > 0 ? validateMisshapen(object, misshapen) : validateModelServing(object)),
  );
  return problems.some(({ severity }) => severity === 'error') ? undefined : object;
}
