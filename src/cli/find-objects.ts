import type { ResourceName } from '../api/types/resources.js';
import { AppError, isAppError } from '../lib/app-error.js';
import type { CliClient, ListOptions } from './cli-client.js';
import type { Target } from './parse-targets.js';
import type { Found } from './print/output-format.js';
import { usageError } from './usage-error.js';

export interface Search {
  /** Undefined: all namespaces. */
  readonly namespace: string | undefined;
  readonly labelSelector?: string | undefined;
  readonly fieldSelector?: string | undefined;
}

const withoutNamespace = new Set<ResourceName>(['nodes', 'namespaces']);

/** The objects of all targets. What has a name and is not there is told in `missing`, after the others were looked up. */
export async function findObjects(
  client: CliClient,
  targets: readonly Target[],
  search: Search,
): Promise<{ found: Found[]; missing: AppError[] }> {
  const found: Found[] = [];
  const missing: AppError[] = [];
  for (const { kind, names } of targets) {
    if (names.length > 0 && (search.labelSelector ?? search.fieldSelector) !== undefined)
      throw usageError('names and a selector cannot be given together');
    if (names.length > 0 && search.namespace === undefined && !withoutNamespace.has(kind.resource))
      throw usageError(
        'an object cannot be asked for by name across all namespaces',
        'leave out -A, or the name',
      );
    for (const name of names) {
      try {
        found.push({
          resource: kind.resource,
          object: await client.get(kind.resource, search.namespace ?? '', name),
        });
      } catch (error) {
        if (!isAppError(error, 'NotFound')) throw error;
        missing.push(
          new AppError(
            'NotFound',
            `${kind.resource} "${name}" not found`,
            await similarNames(client, kind.resource, search, name),
          ),
        );
      }
    }
    if (names.length > 0) continue;
    for (const object of await client.list(kind.resource, listOptions(kind.resource, search))) {
      found.push({ resource: kind.resource, object });
    }
  }
  return { found, missing };
}

export const listOptions = (resource: ResourceName, search: Search): ListOptions => ({
  ...(search.namespace !== undefined && !withoutNamespace.has(resource) && { namespace: search.namespace }),
  ...(search.labelSelector !== undefined && { labelSelector: search.labelSelector }),
  ...(search.fieldSelector !== undefined && { fieldSelector: search.fieldSelector }),
});

async function similarNames(
  client: CliClient,
  resource: ResourceName,
  search: Search,
  name: string,
): Promise<{ hint?: string }> {
  const objects = await client.list(resource, listOptions(resource, search)).catch(() => []);
  const names = objects.map((each) => each.metadata.name);
  const near = names.filter((each) => each.startsWith(name) || name.startsWith(each));
  const shown = (near.length > 0 ? near : names).slice(0, 5);
  return shown.length > 0 ? { hint: `there are: ${shown.join(', ')}` } : {};
}
