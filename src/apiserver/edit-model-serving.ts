import { checkShape } from '../api/check-shape.js';
import type { KindFacts } from '../api/kinds.js';
import { annotation } from '../api/labels.js';
import type { Problem } from '../api/problem.js';
import { any, integer, object, string } from '../api/schema/shape.js';
import type { ModelServing } from '../api/types/model-serving.js';
import type { ObjectMeta } from '../api/types/object-meta.js';
import type { AnyResource } from '../api/types/resources.js';
import { AppError } from '../lib/app-error.js';
import { type Change, changesBetween } from '../lib/changes-between.js';
import type { KeptObjects } from '../store/kept-objects.js';
import type { ObjectStore } from '../store/object-store.js';
import { bodyOfChange, metadataOf } from './body-of-change.js';
import { changedObject } from './changed-object.js';
import { judgeFields } from './duplicate-fields.js';
import { type Exchange, readBody, sendJson } from './exchange.js';
import { undecodable, unknownText, warn } from './judge-written.js';
import { metaOfChanged } from './write-meta.js';
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
      const replicas = wantedCount(facts, exchange, scaleOf(current), body);
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

/** The count of a Scale that a client sends, or that a patch makes. Throws Usage, Conflict, and SpecInvalid for what is no count. */
function wantedCount(
  facts: KindFacts,
  exchange: Exchange,
  before: ReturnType<typeof scaleOf>,
  body: unknown,
): number {
  const sent = bodyOfChange({ ...facts, ...scaleFacts }, before, body, exchange);
  metaOfChanged(before.metadata, metadataOf(sent));
  const problems: Problem[] = [];
  const { spec } = checkShape(sent, scaleShape, [], problems) as { spec?: { replicas?: number } };
  const odd = problems.filter(({ code }) => code === 'WrongType');
  if (odd.length > 0) throw undecodable(scaleFacts, odd);
  warn(
    exchange,
    judgeFields(exchange, problems.filter(({ code }) => code === 'UnknownField').map(unknownText)),
  );
  // Go's clients leave out a 0.
  const replicas = spec?.replicas ?? 0;
  if (replicas >= 0) return replicas;
  const message = `Invalid value: ${replicas}: must be greater than or equal to 0`;
  const { name } = before.metadata;
  throw new AppError('SpecInvalid', `Scale.autoscaling "${name}" is invalid: spec.replicas: ${message}`, {
    details: {
      status: {
        name,
        group: scaleFacts.group,
        kind: scaleFacts.kind,
        causes: [{ reason: 'FieldValueInvalid', message, field: 'spec.replicas' }],
      },
    },
  });
}

const scaleFacts = { group: 'autoscaling', version: 'v1', kind: 'Scale' };
const scaleShape = object({
  apiVersion: string,
  kind: string,
  metadata: any,
  spec: object({ replicas: integer }),
  status: any,
});

type Versioned = Pick<ModelServing, 'metadata'>;

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
