import type { AnyResource, ResourceName } from '../api/types/resources.js';
import { AppError, isAppError } from '../lib/app-error.js';
import { compareKeys, keyOf } from '../store/object-key.js';
import type { ObjectStore } from '../store/object-store.js';
import { continueToken } from './continue-token.js';
import type { ListOptions } from './list-options.js';

/** What a list says of itself. */
export interface ListMeta {
  readonly resourceVersion: string;
  readonly continue?: string;
  readonly remainingItemCount?: number;
}

/**
 * The objects that a list asks for, or one page of them. All pages of a list show the version of the first, however much is written meanwhile.
 * Throws Gone when that is no longer known, with a token for the rest as it is now, and TimedOut for a version of the future.
 */
export function listPage(
  store: ObjectStore,
  resource: ResourceName,
  options: ListOptions,
): { items: readonly AnyResource[]; metadata: ListMeta } {
  const { filter, limit, page, resourceVersion: asked, match } = options;
  refuseFuture(store, page?.at ?? asked);
  const isExact = match === 'Exact' || (match === '' && limit !== undefined && Number(asked) > 0);
  const at = page ? page.at : isExact ? asked : undefined;
  const { items, resourceVersion } = listAt(store, resource, options, at);
  const start = page ? items.findIndex((each) => compareKeys(keyOf(each.metadata), page.after) > 0) : 0;
  const rest = start < 0 ? [] : items.slice(start);
  const shown = limit === undefined ? rest : rest.slice(0, limit);
  const last = shown.at(-1);
  if (shown.length === rest.length || !last) return { items: shown, metadata: { resourceVersion } };
  const isWhole = !filter.labelSelector && !filter.fieldSelector;
  return {
    items: shown,
    metadata: {
      resourceVersion,
      continue: continueToken({ at: resourceVersion, after: keyOf(last.metadata) }),
      // Kubernetes does not count what it would have to select first.
      ...(isWhole && { remainingItemCount: rest.length - shown.length }),
    },
  };
}

/** No wait makes it come: the versions of this server are its own. Throws TimedOut, as clients expect it. */
export function refuseFuture(store: ObjectStore, asked = ''): void {
  const now = store.version();
  if (Number(asked) <= Number(now)) return;
  throw new AppError('TimedOut', `Too large resource version: ${asked}, current: ${now}`, {
    details: {
      status: {
        causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
        retryAfterSeconds: 1,
      },
    },
  });
}

function listAt(
  store: ObjectStore,
  resource: ResourceName,
  { filter, page }: ListOptions,
  at: string | undefined,
) {
  try {
    return store.list(resource, { ...filter, ...(at !== undefined && { at }) });
  } catch (error) {
    if (!isAppError(error, 'Gone')) throw error;
    if (!page) throw new AppError('Gone', 'The resourceVersion for the provided list is too old.');
    throw new AppError(
      'Gone',
      'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.',
      { details: { continue: continueToken({ after: page.after }) } },
    );
  }
}
