import type { KindFacts } from '../api/kinds.js';
import { annotation } from '../api/labels.js';
import type { ModelServing } from '../api/types/model-serving.js';
import type { ObjectMeta } from '../api/types/object-meta.js';
import type { AnyResource } from '../api/types/resources.js';
import { AppError } from '../lib/app-error.js';
import { type Change, changesBetween } from '../lib/changes-between.js';
import type { KeptObjects } from '../store/kept-objects.js';
import type { ObjectStore } from '../store/object-store.js';
import { bodyOfChange } from './body-of-change.js';
import { changedObject } from './changed-object.js';
import { type Exchange, readBody, sendJson } from './exchange.js';
import { changedSince } from './write-meta.js';
import { readWriteOptions } from './write-options.js';

/** Makes an edit, worked out from the newest of the object, in its file; with `dryRun`, tells what would be. */
export type Commit = (
  ref: { namespace: string; name: string },
  edit: (current: ModelServing) => readonly Change[],
  mode: { dryRun: boolean },
) => Promise<ModelServing>;

/** PATCH and PUT of a ModelServing: what differs is written to its file, which stays the one truth. */
export async function editModelServing(
  { store, kept }: { store: ObjectStore; kept: KeptObjects },
  commit: Commit,
  facts: KindFacts,
  exchange: Exchange,
): Promise<void> {
  const { metadata } = find(store, exchange);
  const { isDryRun: dryRun } = readWriteOptions(exchange);
  const body = await readBody(exchange.request);
  let wanted: AnyResource | undefined;
  const edit = (current: ModelServing) => {
    wanted = changedObject(facts, current, body, exchange);
    return changesTo(current, wanted as ModelServing);
  };
  const made = await commit(metadata, edit, { dryRun });
  const { resourceVersion } = metadata;
  const told = { ...made, metadata: { ...made.metadata, ...(resourceVersion && { resourceVersion }) } };
  const stored = dryRun ? told : wanted ? kept.mark('modelservings', made, wanted.metadata) : made;
  sendJson(exchange.response, 200, stored);
}

/** autoscaling/v1 Scale, for `kubectl scale` and autoscalers. */
export async function scaleModelServing(
  store: ObjectStore,
  commit: Commit,
  facts: KindFacts,
  exchange: Exchange,
): Promise<void> {
  let found = find(store, exchange);
  if (exchange.method !== 'GET') {
    const { isDryRun } = readWriteOptions(exchange);
    const body = await readBody(exchange.request);
    const edit = (current: ModelServing) => {
      const wanted = patched(facts, exchange, scaleOf(current), body) as ReturnType<typeof scaleOf>;
      const replicas = count(current.metadata.name, wanted?.spec?.replicas);
      return changesBetween(current.spec.replicas, replicas, ['spec', 'replicas']);
    };
    found = await commit(found.metadata, edit, { dryRun: isDryRun });
  }
  sendJson(exchange.response, 200, scaleOf(found));
}

const scaleOf = ({ metadata, spec, status }: ModelServing) => ({
  kind: 'Scale',
  apiVersion: 'autoscaling/v1',
  metadata: identityOf(metadata),
  spec: { replicas: spec.replicas },
  status: { replicas: status?.replicas ?? 0, selector: status?.labelSelector ?? '' },
});

/** All that a Scale says of the object that it is about. */
const identityOf = ({
  name,
  namespace,
  uid,
  resourceVersion,
  creationTimestamp,
}: ObjectMeta): ObjectMeta => ({
  name,
  namespace,
  ...(uid !== undefined && { uid }),
  ...(resourceVersion !== undefined && { resourceVersion }),
  ...(creationTimestamp !== undefined && { creationTimestamp }),
});

function find(store: ObjectStore, { params }: Exchange): ModelServing {
  const { namespace = '', name = '' } = params;
  const found = store.get('modelservings', namespace, name);
  if (!found) throw new AppError('NotFound', `modelservings.workload.serving.volcano.sh "${name}" not found`);
  return found;
}

function patched(facts: KindFacts, exchange: Exchange, before: Versioned, body: unknown): unknown {
  const wanted = bodyOfChange(scaleFacts(facts), before, body, exchange);
  const version = (wanted as Partial<Versioned> | null)?.metadata?.resourceVersion;
  if (version !== undefined && version !== before.metadata.resourceVersion) {
    throw changedSince();
  }
  return wanted;
}

const scaleFacts = (facts: KindFacts): KindFacts => ({
  ...facts,
  group: 'autoscaling',
  version: 'v1',
  kind: 'Scale',
});

type Versioned = Pick<ModelServing, 'metadata'>;

/** Throws Usage for what is no number, SpecInvalid for what is no count. */
function count(name: string, value: unknown): number {
  if (!Number.isInteger(value))
    throw new AppError(
      'Usage',
      `Scale in version "v1" cannot be handled as a Scale: spec.replicas: ${JSON.stringify(value)} is no whole number`,
    );
  if ((value as number) >= 0) return value as number;
  const message = `Invalid value: ${JSON.stringify(value)}: must be greater than or equal to 0`;
  throw new AppError('SpecInvalid', `Scale.autoscaling "${name}" is invalid: spec.replicas: ${message}`, {
    details: {
      status: {
        name,
        group: 'autoscaling',
        kind: 'Scale',
        causes: [{ reason: 'FieldValueInvalid', message, field: 'spec.replicas' }],
      },
    },
  });
}

/** Known only to us: a client that leaves them out, or brings its own, changes nothing. */
const ownAnnotations: readonly string[] = [annotation.file, annotation.invalidSpec, annotation.lastApplied];

/** What makes the wanted object of the stored one, in the file. */
function changesTo(before: ModelServing, wanted: ModelServing): readonly Change[] {
  return [
    ...changesBetween(marksOf(before), marksOf(wanted), ['metadata']),
    ...changesBetween(before.spec, wanted.spec, ['spec']),
  ];
}

function marksOf({ metadata }: Versioned): object {
  const annotations = Object.fromEntries(
    Object.entries(metadata?.annotations ?? {}).filter(([key]) => !ownAnnotations.includes(key)),
  );
  return {
    ...(Object.keys(metadata?.labels ?? {}).length > 0 && { labels: metadata.labels }),
    ...(Object.keys(annotations).length > 0 && { annotations }),
  };
}
