import { applyPatch, type Operation, Pointer } from 'rfc6902';
import { AppError, messageOf } from '../../lib/app-error.js';

/** As many as Kubernetes takes in one patch. */
const mostOperations = 10_000;
/** Copies of copies double with each operation. */
const mostCopied = 3 * 1024 * 1024;

/** RFC 6902. Throws Usage for what is no such patch, SpecInvalid for one that does not fit the object; nothing of it is done then. Pure. */
export function jsonPatch(before: object, patch: unknown): unknown {
  if (!Array.isArray(patch) || !patch.every(isOperation))
    throw new AppError('Usage', 'a JSON patch is a list of operations, each with op and path');
  if (patch.length > mostOperations)
    throw new AppError(
      'Usage',
      `The allowed maximum operations in a JSON patch is ${mostOperations}, got ${patch.length}`,
    );
  const whole = { object: structuredClone(before) as unknown };
  let copied = 0;
  for (const [at, operation] of patch.entries()) {
    const placed = inObject(operation);
    if (placed.op === 'copy' && 'from' in placed) copied += sizeAt(whole, placed.from);
    if (copied > mostCopied)
      throw new AppError('RequestTooLarge', `the copies of a JSON patch make more than ${mostCopied} bytes`);
    const [error] = run(whole, placed);
    if (error) throw misfit(at, operation, error);
  }
  return whole.object;
}

/** kubectl prints the causes alone. */
function misfit(at: number, { op, path }: Operation, error: Error): AppError {
  const why = messageOf(error).replaceAll('/object', '');
  const message = `${op} ${path || '(the whole object)'}: ${why}`;
  return new AppError('SpecInvalid', 'the server rejected our request due to an error in our request', {
    hint: message,
    details: { status: { causes: [{ reason: 'FieldValueInvalid', message, field: `patch[${at}]` }] } },
  });
}

function sizeAt(whole: object, place: string): number {
  const { value } = Pointer.fromJSON(place).evaluate(whole) as { value: unknown };
  return JSON.stringify(value)?.length ?? 0;
}

function run(whole: { object: unknown }, operation: Operation): (Error | null)[] {
  try {
    return applyPatch(whole, [operation]);
  } catch (error) {
    return [error as Error];
  }
}

/** One level down, so that the object itself can be replaced as well. */
function inObject(operation: Operation): Operation {
  const down = { ...operation, path: `/object${operation.path}` };
  return 'from' in down ? { ...down, from: `/object${down.from}` } : down;
}

const isOperation = (each: unknown): each is Operation => {
  const { op, path, from = '' } = (each ?? {}) as Partial<Record<string, unknown>>;
  const isPlace = (place: unknown) =>
    typeof place === 'string' && /^(\/(?!(__proto__|constructor|prototype)(\/|$))[^/]*)*$/.test(place);
  return typeof op === 'string' && isPlace(path) && isPlace(from);
};
