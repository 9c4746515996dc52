import { AppError } from '../lib/app-error.js';
import type { ListFilter } from '../store/object-store.js';
import { type PageStart, parseContinueToken } from './continue-token.js';
import { isSet } from './exchange.js';
import { invalidOptions } from './write-options.js';

/** What the query of a list or watch asks for, checked as Kubernetes checks it. */
export interface ListOptions {
  readonly filter: ListFilter;
  readonly isWatch: boolean;
  /** Objects of one page; undefined: all. */
  readonly limit?: number;
  /** The page that a `continue` asks for. */
  readonly page?: PageStart;
  /** '': the newest; '0': any. */
  readonly resourceVersion: string;
  readonly match: '' | 'Exact' | 'NotOlderThan';
  /** undefined: as it was before clients could say. */
  readonly sendInitialEvents?: boolean;
  readonly allowWatchBookmarks: boolean;
  readonly timeoutSeconds: number;
}

/** Throws Usage and SpecInvalid. Pure. */
export function readListOptions(query: URLSearchParams, namespace: string | undefined): ListOptions {
  const isWatch = isSet(query, 'watch');
  const token = query.get('continue') ?? '';
  const resourceVersion = query.get('resourceVersion') ?? '';
  const limit = wholeNumberIn(query, 'limit');
  checkCombination(query, isWatch);
  if (!isWatch && token !== '' && resourceVersion !== '' && resourceVersion !== '0')
    throw new AppError('Usage', 'specifying resource version is not allowed when using continue');
  checkVersion('ListOptions', resourceVersion);
  return {
    filter: {
      ...(namespace !== undefined && { namespace }),
      labelSelector: query.get('labelSelector') ?? '',
      fieldSelector: query.get('fieldSelector') ?? '',
    },
    isWatch,
    ...(limit > 0 && { limit }),
    ...(token !== '' && !isWatch && { page: parseContinueToken(token) }),
    resourceVersion,
    match: (query.get('resourceVersionMatch') ?? '') as ListOptions['match'],
    ...(query.has('sendInitialEvents') && { sendInitialEvents: isSet(query, 'sendInitialEvents') }),
    allowWatchBookmarks: isSet(query, 'allowWatchBookmarks'),
    timeoutSeconds: wholeNumberIn(query, 'timeoutSeconds'),
  };
}

/** Throws SpecInvalid for what is no version. */
export function checkVersion(kind: string, version: string): void {
  if (/^(\d{1,15})?$/.test(version)) return;
  throw invalidOptions(kind, [
    {
      reason: 'FieldValueInvalid',
      message: `Invalid value: ${JSON.stringify(version)}: it is no version that this server gave`,
      field: 'resourceVersion',
    },
  ]);
}

interface Cause {
  readonly reason: string;
  readonly message: string;
  readonly field: string;
}

/** What must not be said together. */
function checkCombination(query: URLSearchParams, isWatch: boolean): void {
  const match = query.get('resourceVersionMatch') ?? '';
  const version = query.get('resourceVersion') ?? '';
  const hasInitial = query.has('sendInitialEvents');
  const known = isWatch ? ['NotOlderThan'] : ['Exact', 'NotOlderThan', ''];
  const say = (field: string, message: string) => forbidden(field, `${field} ${message}`);
  const causes = [
    hasInitial && !isWatch && say('sendInitialEvents', 'is forbidden for list'),
    hasInitial &&
      isWatch &&
      match !== 'NotOlderThan' &&
      forbidden(
        'resourceVersionMatch',
        'sendInitialEvents requires setting resourceVersionMatch to NotOlderThan',
      ),
    ...(match === ''
      ? []
      : [
          isWatch &&
            !hasInitial &&
            say('resourceVersionMatch', 'is forbidden for watch unless sendInitialEvents is provided'),
          !isWatch &&
            version === '' &&
            say('resourceVersionMatch', 'is forbidden unless resourceVersion is provided'),
          query.get('continue') && say('resourceVersionMatch', 'is forbidden when continue is provided'),
          !known.includes(match) && {
            reason: 'FieldValueNotSupported',
            message: `Unsupported value: ${JSON.stringify(match)}: supported values: ${known.map((each) => JSON.stringify(each)).join(', ')}`,
            field: 'resourceVersionMatch',
          },
          !isWatch &&
            match === 'Exact' &&
            version === '0' &&
            say('resourceVersionMatch', '"exact" is forbidden for resourceVersion "0"'),
        ]),
  ].filter((each) => typeof each === 'object' && each !== null);
  if (causes.length > 0) throw invalidOptions('ListOptions', causes);
}

const forbidden = (field: string, message: string): Cause => ({
  reason: 'FieldValueForbidden',
  message: `Forbidden: ${message}`,
  field,
});

/** 0 when it is not there or negative. */
function wholeNumberIn(query: URLSearchParams, name: string): number {
  const text = query.get(name) ?? '';
  if (!/^(-?\d{1,15})?$/.test(text))
    throw new AppError('Usage', `${name}: ${JSON.stringify(text)} is not a whole number`);
  return Math.max(0, Number(text));
}
