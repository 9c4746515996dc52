import type { AnyResource, ResourceName } from '../api/types/resources.js';
import { JsonPathError, jsonPathValues } from '../lib/json-path.js';
import { usageError } from './usage-error.js';

export type WaitFor =
  | { readonly type: 'delete' }
  | { readonly type: 'create' }
  | { readonly type: 'condition'; readonly condition: string; readonly status: string }
  | { readonly type: 'jsonpath'; readonly path: string; readonly value: string | undefined };

/** Reads `--for`. Throws Usage. */
export function parseWaitFor(text: string): WaitFor {
  if (text === 'delete' || text === 'create') return { type: text };
  const condition = /^condition=([^=]+)(?:=(.+))?$/.exec(text);
  if (condition?.[1]) return { type: 'condition', condition: condition[1], status: condition[2] ?? 'True' };
  const path = /^jsonpath=['"]?(\{.*\})['"]?(?:=(.*))?$/s.exec(text);
  if (path?.[1]) {
    const value = path[2]?.replace(/^(['"])(.*)\1$/, '$2');
    try {
      jsonPathValues(path[1], {});
    } catch (error) {
      if (error instanceof JsonPathError) throw usageError(`--for: ${error.message}`);
      throw error;
    }
    return { type: 'jsonpath', path: path[1], value };
  }
  throw usageError(
    `--for ${text} is not understood`,
    "condition=Available, delete, create or jsonpath='{.status.phase}'=Running",
  );
}

export interface WaitVerdict {
  readonly met: boolean;
  /** What is so now, for the message of a wait that ran out of time. */
  readonly now: string;
}

/**
 * Is it so? A ModelServing's condition counts only when the controller has seen the newest spec, so that nothing is green that was
 * just changed. Condition names and status are compared without case, as kubectl does.
 */
export function judge(wanted: WaitFor, resource: ResourceName, object: AnyResource | undefined): WaitVerdict {
  if (wanted.type === 'delete')
    return {
      met: object === undefined,
      now: object?.metadata.deletionTimestamp ? 'it is being deleted' : 'it exists',
    };
  if (object === undefined) return { met: false, now: 'it does not exist' };
  if (wanted.type === 'create') return { met: true, now: 'it exists' };
  const status = (object as { status?: Record<string, unknown> }).status;
  const generation = object.metadata.generation ?? 1;
  const observed = status?.observedGeneration;
  const isCurrent =
    resource === 'modelservings'
      ? observed === generation
      : typeof observed !== 'number' || observed >= generation;
  if (!isCurrent)
    return {
      met: false,
      now: `the controller has seen generation ${String(observed ?? 0)} of ${generation}`,
    };
  if (wanted.type === 'condition') {
    const conditions = (status?.conditions ?? []) as {
      type: string;
      status: string;
      reason?: string;
      message?: string;
    }[];
    const found = conditions.find((each) => each.type.toLowerCase() === wanted.condition.toLowerCase());
    const met = found?.status.toLowerCase() === wanted.status.toLowerCase();
    return {
      met,
      now: found
        ? `${found.type}=${found.status}`
        : `it has no condition ${wanted.condition}${others(conditions)}`,
    };
  }
  const values = jsonPathValues(wanted.path, object).map((each) =>
    typeof each === 'string' ? each : JSON.stringify(each),
  );
  const met =
    wanted.value === undefined ? values.length > 0 : values.length === 1 && values[0] === wanted.value;
  return {
    met,
    now: values.length === 0 ? `${wanted.path} is not there` : `${wanted.path} is ${values.join(' ')}`,
  };
}

function others(conditions: readonly { type: string; status: string; message?: string }[]): string {
  const [holding] = conditions.filter((each) => each.status === 'True');
  return holding ? `; ${holding.type}: ${holding.message ?? ''}` : '';
}
