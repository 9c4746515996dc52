import { AppError } from '../lib/app-error.js';

type JsonPatch = { op: string; path: string; value?: unknown };

/** What a PATCH of this content type makes of an object; `before` stays as it is. Throws Usage for a patch that cannot be applied. */
export function applyPatch(before: object, patch: unknown, contentType: string): unknown {
  if (contentType.startsWith('application/json-patch')) {
    if (!Array.isArray(patch)) throw new AppError('Usage', 'a JSON patch is a list of operations');
    return jsonPatch(before, patch as JsonPatch[]);
  }
  return mergePatch(before, patch, contentType.startsWith('application/strategic-merge-patch'));
}

/** RFC 7386; a strategic one also merges lists whose items have names, item by item. */
function mergePatch(target: unknown, patch: unknown, isStrategic: boolean): unknown {
  if (isStrategic && isNamedList(target) && isNamedList(patch)) {
    const changed = target.map((item) => {
      const own = patch.find((each) => each.name === item.name);
      return own === undefined ? item : mergePatch(item, own, isStrategic);
    });
    return [...changed, ...patch.filter((each) => !target.some((item) => item.name === each.name))];
  }
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return patch;
  const isObject = typeof target === 'object' && target !== null && !Array.isArray(target);
  const result: Record<string, unknown> = isObject ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else result[key] = mergePatch(result[key], value, isStrategic);
  }
  return result;
}

const isNamedList = (value: unknown): value is { name: string }[] =>
  Array.isArray(value) &&
  value.every((each) => typeof (each as { name?: unknown } | null)?.name === 'string');

/** The part of RFC 6902 that sets and tests values. */
function jsonPatch(before: object, patches: readonly JsonPatch[]): unknown {
  const result = structuredClone(before) as Record<string, unknown>;
  for (const { op, path, value } of patches) {
    if (op !== 'replace' && op !== 'add' && op !== 'test')
      throw new AppError('Usage', `the patch operation ${op} is not supported here`);
    const steps = path
      .split('/')
      .slice(1)
      .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
    const last = steps.pop() ?? '';
    let at: unknown = result;
    for (const step of steps) at = (at as Record<string, unknown> | undefined)?.[step];
    if (typeof at !== 'object' || at === null)
      throw new AppError('Usage', `the patch path ${path} does not exist`);
    const parent = at as Record<string, unknown>;
    if (op !== 'test') parent[last] = value;
    else if (JSON.stringify(parent[last]) !== JSON.stringify(value))
      throw new AppError('Conflict', `the value at ${path} is not the one that the patch expects`);
  }
  return result;
}
