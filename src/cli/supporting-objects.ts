import type { ParsedManifests } from '../api/parse-manifests.js';
import {
  changedThoughImmutable,
  type SupportingObject,
  supportingResources,
} from '../api/read-supporting.js';
import { stableJson } from '../lib/stable-json.js';
import type { CliClient } from './cli-client.js';
import { fileAnnotation } from './print/serving-summary.js';
import { kindOf } from './resource-kinds.js';

/** The ConfigMaps, Secrets and claims that are in force, by `resource namespace/name`. */
export type InForce = ReadonlyMap<string, SupportingObject>;

export async function supportingInForce(
  client: Pick<CliClient, 'list'>,
  where: { readonly namespace?: string } = {},
): Promise<InForce> {
  const found = await Promise.all(
    supportingResources.map(async (resource) =>
      (await client.list(resource, where)).map((object) => ({ resource, object }) as SupportingObject),
    ),
  );
  return new Map(found.flat().map((each) => [keyOf(each.resource, each.object.metadata), each]));
}

export const keyOf = (resource: string, { namespace, name }: { namespace: string; name: string }): string =>
  `${resource} ${namespace}/${name}`;

/** `configmap/settings`, with the namespace where it is not the usual one. */
export const titleOf = ({ resource, object: { metadata } }: SupportingObject): string =>
  `${kindOf(resource).singular}/${metadata.name}${metadata.namespace === 'default' ? '' : ` (${metadata.namespace})`}`;

/** What became of the objects of some files, in kubectl's words; `wanted` are their keys. Pure. */
export const appliedLines = (wanted: readonly string[], before: InForce, after: InForce): string[] =>
  wanted.flatMap((key) => {
    const now = after.get(key);
    if (!now) return [];
    const old = before.get(key);
    if (!old) return [`${titleOf(now)} created`];
    const isSame = old.object.metadata.resourceVersion === now.object.metadata.resourceVersion;
    return [`${titleOf(now)} ${isSame ? 'unchanged' : 'configured'}`];
  });

export interface ObjectChange {
  readonly object: string;
  /** Names keys and fields, never a value. */
  readonly change: string;
}

/** What a file would change in the objects that pods refer to. Pure. */
export function plannedObjects(
  file: string,
  supporting: ParsedManifests['supporting'],
  before: InForce,
): ObjectChange[] {
  const kept = new Set(supporting.map(({ resource, object }) => keyOf(resource, object.metadata)));
  const written = supporting.flatMap((each): ObjectChange[] => {
    const old = before.get(keyOf(each.resource, each.object.metadata));
    const change = old ? changeText(old.object, each.object) : 'is created';
    return change === '' ? [] : [{ object: titleOf(each), change }];
  });
  const removed = [...before]
    .filter(([key, { object }]) => object.metadata.annotations?.[fileAnnotation] === file && !kept.has(key))
    .map(([, each]) => ({ object: titleOf(each), change: 'is removed' }));
  return [...written, ...removed];
}

function changeText(before: SupportingObject['object'], after: SupportingObject['object']): string {
  const field = changedThoughImmutable(before, after);
  if (field !== undefined) return `is immutable, and its ${field} differs: the file would be refused`;
  const [old, now] = [keysOf(before), keysOf(after)];
  const parts = [...new Set([...old.keys(), ...now.keys()])].sort().flatMap((key) => {
    if (!old.has(key)) return [`${key} added`];
    if (!now.has(key)) return [`${key} removed`];
    return old.get(key) === now.get(key) ? [] : [`${key} changed`];
  });
  return parts.join(', ');
}

/** Every key of the data, and the other fields, as text to compare. */
function keysOf(object: SupportingObject['object']): Map<string, string> {
  const { labels = {} } = object.metadata;
  const fields = new Map<string, string>([['labels', stableJson(labels)]]);
  if ('spec' in object) return fields.set('spec', stableJson(object.spec));
  fields.set('immutable', String(object.immutable === true));
  if (object.kind === 'Secret') fields.set('type', object.type);
  const texts = { ...object.data, ...('binaryData' in object ? object.binaryData : {}) };
  for (const [key, text] of Object.entries(texts)) fields.set(`"${key}"`, text);
  return fields;
}
