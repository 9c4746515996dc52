import { label } from '../api/labels.js';
import type { ModelServing } from '../api/types/model-serving.js';
import type { ControllerRevision, ServingGroup } from '../api/types/resources.js';
import { AppError } from '../lib/app-error.js';
import type { CliClient } from './cli-client.js';

/** One stored template of a ModelServing, with who is made from it. */
export interface StoredTemplate {
  readonly number: number;
  readonly hash: string;
  readonly isCurrent: boolean;
  /** Ordinals of the ServingGroups that have it. */
  readonly groups: readonly number[];
  readonly object: ControllerRevision;
}

/** The stored templates, the oldest first. */
export async function revisionsOf(client: CliClient, serving: ModelServing): Promise<StoredTemplate[]> {
  const { namespace, name } = serving.metadata;
  const search = { namespace, labelSelector: `${label.modelServing}=${name}` };
  const [revisions, groups] = await Promise.all([
    client.list('controllerrevisions', search),
    // A cluster that is not ours has none to show.
    client.list('servinggroups', search).catch((): readonly ServingGroup[] => []),
  ]);
  return (
    revisions
      // Another controller may keep its templates in a form of its own.
      .filter(({ data }) => Array.isArray((data as { roles?: unknown } | undefined)?.roles))
      .sort((a, b) => a.revision - b.revision)
      .map((object) => {
        const hash = object.metadata.labels?.[label.revision] ?? '';
        return {
          number: object.revision,
          hash,
          isCurrent: hash === serving.status?.updateRevision,
          groups: groups.filter(({ spec }) => spec.revision === hash).map(({ spec }) => spec.ordinal),
          object,
        };
      })
  );
}

/** By its number or its hash. Throws NotFound, which lists those that exist. */
export function revisionNamed(all: readonly StoredTemplate[], word: string): StoredTemplate {
  const found = all.find(({ number, hash }) => String(number) === word || hash === word);
  if (found) return found;
  const known = all.map(({ number, hash }) => `${number} (${hash})`).join(', ');
  throw new AppError('NotFound', `there is no revision ${word}`, { hint: `there are: ${known || 'none'}` });
}
