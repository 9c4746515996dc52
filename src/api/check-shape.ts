import { didYouMean } from '../lib/did-you-mean.js';
import { textOf } from '../lib/text-of.js';
import type { Problem } from './problem.js';
import type { Field, Shape } from './schema/shape.js';

type Path = Problem['path'];

/**
 * Holds a value against its shape: unknown fields, wrong types, missing fields, values out of range, names that stand twice. Returns the value
 * without its nulls (an empty map, list or string field is as good as none); problems are added to `problems`.
 */
export function checkShape(value: unknown, shape: Field, path: Path, problems: Problem[]): unknown {
  switch (shape.kind) {
    case 'any':
      return value;
    case 'object':
      return isMap(value)
        ? checkObject(value, shape, path, problems)
        : wrongType(value, 'a map', path, problems);
    case 'map':
      if (!isMap(value)) return wrongType(value, 'a map', path, problems);
      return Object.fromEntries(
        Object.entries(value).flatMap(([key, each]) =>
          each === null ? [] : [[key, checkShape(each, shape.of, [...path, key], problems)]],
        ),
      );
    case 'list':
      if (!Array.isArray(value)) return wrongType(value, 'a list', path, problems);
      checkUnique(value, shape.by, path, problems);
      return value.map((each, at) => checkShape(each, shape.of, [...path, at], problems));
    default:
      return checkScalar(value, shape, path, problems);
  }
}

function checkObject(
  value: Record<string, unknown>,
  { fields }: Extract<Shape, { kind: 'object' }>,
  path: Path,
  problems: Problem[],
): Record<string, unknown> {
  const checked: Record<string, unknown> = {};
  for (const [key, each] of Object.entries(value)) {
    const field = Object.hasOwn(fields, key) ? fields[key] : undefined;
    const at = [...path, key];
    if (!field) {
      const near = didYouMean(key, Object.keys(fields));
      const hint = near
        ? `did you mean \`${near}\`?`
        : `known here: ${Object.keys(fields).sort().join(', ')}`;
      problems.push({
        severity: 'error',
        code: 'UnknownField',
        message: `unknown field \`${key}\``,
        hint,
        path: at,
        atKey: true,
      });
      continue;
    }
    if (each === null) {
      if (needsValue(field)) {
        const hint = 'write a value, or remove the line';
        problems.push({
          severity: 'error',
          code: 'WrongType',
          message: `\`${key}\` has no value`,
          hint,
          path: at,
          atKey: true,
        });
      }
      continue;
    }
    if (field.ignored !== undefined) {
      const message = `\`${key}\` is accepted without effect: ${field.ignored}`;
      problems.push({ severity: 'warning', code: 'NotActedOn', message, path: at, atKey: true });
    }
    checked[key] = checkShape(each, field, at, problems);
  }
  for (const [key, field] of Object.entries(fields)) {
    // One that stands there without a value has its own problem already, where it has a type that needs one.
    if (
      !field.required ||
      (value[key] !== undefined && value[key] !== null) ||
      saysNothing(field, value[key])
    )
      continue;
    const message = `\`${key}\` is required`;
    problems.push({
      severity: 'error',
      code: 'MissingField',
      message,
      hint: `add \`${key}:\``,
      path,
      missing: key,
      atKey: true,
    });
  }
  return checked;
}

const needsValue = (field: Field): boolean =>
  field.kind === 'integer' ||
  field.kind === 'number' ||
  field.kind === 'boolean' ||
  field.kind === 'intOrString';

const saysNothing = (field: Field, value: unknown): boolean => value === null && needsValue(field);

function checkScalar(value: unknown, shape: Field, path: Path, problems: Problem[]): unknown {
  const error = (code: string, message: string, hint?: string) =>
    problems.push({ severity: 'error', code, message, path, ...(hint !== undefined && { hint }) });
  switch (shape.kind) {
    case 'string':
      if (typeof value !== 'string')
        return wrongType(value, 'a string', path, problems, `write it in quotes: "${textOf(value)}"`);
      if (shape.oneOf && !shape.oneOf.includes(value)) {
        const near = didYouMean(value, shape.oneOf);
        const allowed = shape.oneOf.filter((each) => each !== '').join(', ');
        problems.push({
          severity: 'error',
          code: 'InvalidValue',
          message: `"${value}" is none of ${allowed}`,
          hint: near ? `did you mean \`${near}\`?` : `use one of ${allowed}`,
          path,
          isNoChoice: true,
        });
      }
      return value;
    case 'boolean':
      return typeof value === 'boolean' ? value : wrongType(value, 'true or false', path, problems);
    case 'intOrString':
      return Number.isInteger(value) || typeof value === 'string'
        ? value
        : wrongType(value, 'an integer or a string', path, problems);
    case 'quantity':
      if (typeof value !== 'number' && typeof value !== 'string')
        return wrongType(value, 'a quantity', path, problems);
      if (!/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+|[numkMGTPE]|[KMGTPE]i)?$/.test(String(value))) {
        error('InvalidValue', `"${value}" is not a quantity`, 'write it like 500m, 2, 1.5Gi');
      }
      return value;
    default:
      if (typeof value !== 'number' || (shape.kind === 'integer' && !Number.isInteger(value))) {
        return wrongType(value, 'an integer', path, problems);
      }
      if (value < (shape.min ?? -Infinity) || value > (shape.max ?? Infinity)) {
        const most = shape.max === Number.MAX_SAFE_INTEGER ? undefined : shape.max;
        const range = most === undefined ? `at least ${shape.min}` : `between ${shape.min} and ${most}`;
        error(countCode(path), `${value} is out of range: it must be ${range}`);
      }
      return value;
  }
}

/** The published rule that a negative count offends. */
function countCode(path: Path): string {
  const isRole = path[2] === 'roles';
  if (path.at(-1) === 'replicas') return isRole ? 'V6' : 'V4';
  return path.at(-1) === 'workerReplicas' ? 'V17' : 'InvalidValue';
}

function checkUnique(
  items: readonly unknown[],
  by: string | undefined,
  path: Path,
  problems: Problem[],
): void {
  if (by === undefined) return;
  const seen = new Set<unknown>();
  for (const [at, item] of items.entries()) {
    const name = isMap(item) ? item[by] : undefined;
    if (name !== undefined && seen.has(name)) {
      const message = `the name "${textOf(name)}" stands twice in this list`;
      problems.push({
        severity: 'error',
        code: 'DuplicateName',
        message,
        hint: 'rename one of them',
        path: [...path, at, by],
      });
    }
    seen.add(name);
  }
}

function wrongType(
  value: unknown,
  wanted: string,
  path: Path,
  problems: Problem[],
  hint?: string,
): undefined {
  const found =
    value === null
      ? 'nothing'
      : Array.isArray(value)
        ? 'a list'
        : isMap(value)
          ? 'a map'
          : `the ${typeof value} ${String(value)}`;
  problems.push({
    severity: 'error',
    code: 'WrongType',
    message: `${wanted} is expected here, not ${found}`,
    path,
    ...(hint !== undefined && typeof value !== 'object' && { hint }),
  });
  return undefined;
}

const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
