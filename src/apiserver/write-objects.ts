import type { KindFacts } from '../api/kinds.js';
import { annotation } from '../api/labels.js';
import { type SupportingObject, supportingResources } from '../api/read-supporting.js';
import type { ModelServing } from '../api/types/model-serving.js';
import type { ObjectMeta } from '../api/types/object-meta.js';
import type { AnyResource } from '../api/types/resources.js';
import { AppError } from '../lib/app-error.js';
import type { KeptObjects } from '../store/kept-objects.js';
import type { ObjectStore } from '../store/object-store.js';
import { admitToNamespace } from './admit-to-namespace.js';
import { applied, type Body, bodyOfChange, checked, metadataOf, withManagers } from './body-of-change.js';
import { changedObject } from './changed-object.js';
import { type Exchange, readBody, sendJson } from './exchange.js';
import { fullName } from './full-name.js';
import { invalid, judgeWritten } from './judge-written.js';
import { isApply } from './patch/apply-patch.js';
import { isFault, readWritten } from './read-written.js';
import type { Rules } from './table-columns.js';
import { untilOnDisk } from './until-on-disk.js';
import { metaOfChanged, metaOfNew } from './write-meta.js';
import { readWriteOptions } from './write-options.js';

export interface WriteParts {
  /** Of ModelServings that do not say. */
  readonly rules: Rules;
  readonly store: ObjectStore;
  readonly kept: KeptObjects;
  /** Resolves when what was written of Events is on disk: a journal has them. */
  eventsKept(): Promise<void>;
  /** Makes an edit of a ConfigMap, Secret or claim in its watched file; with `dryRun`, tells what would be. */
  commitSupporting(
    ref: { resource: SupportingObject['resource']; namespace: string; name: string },
    edit: (current: SupportingObject['object']) => SupportingObject['object'],
    mode: { dryRun: boolean },
  ): Promise<SupportingObject['object']>;
}

/** POST of a new object: it is kept in a file of ours. */
export async function createObject(parts: WriteParts, facts: KindFacts, exchange: Exchange): Promise<void> {
  await createFrom(parts, facts, exchange, checked(facts, await readBody(exchange.request)));
}

async function createFrom(
  parts: WriteParts,
  facts: KindFacts,
  exchange: Exchange,
  body: Body,
): Promise<void> {
  const { store, kept } = parts;
  const { params, response } = exchange;
  const namespace = facts.namespaced ? (params.namespace ?? '') : '';
  const given = { ...metadataOf(body), ...(params.name && { name: params.name }) };
  const metadata = withManagers(metaOfNew(given, namespace), given, exchange);
  admitToNamespace(store, facts, metadata);
  const object = judgeWritten(facts, body, metadata, exchange);
  const there = store.get(facts.resource, namespace, metadata.name);
  if (there) {
    const why = there.metadata.deletionTimestamp ? 'object is being deleted: ' : '';
    throw new AppError('AlreadyExists', `${why}${fullName(facts)} "${metadata.name}" already exists`, {
      details: { status: { name: metadata.name } },
    });
  }
  const { isDryRun: dryRun } = readWriteOptions(exchange);
  const made = kept.create(facts.resource, object, { dryRun });
  await untilOnDisk(parts, facts, dryRun);
  sendJson(response, 201, made);
}

/**
 * PUT and PATCH of an object: in its watched file, or in the one that we keep. A PATCH that applies makes an object that is not there.
 */
export async function updateObject(parts: WriteParts, facts: KindFacts, exchange: Exchange): Promise<void> {
  const { store, kept } = parts;
  const { params, request, response, method } = exchange;
  const { resource } = facts;
  const [namespace, name] = [params.namespace ?? '', params.name ?? ''];
  const sent = await readBody(request);
  const before = store.get(resource, namespace, name);
  if (!before) {
    if (method === 'PATCH' && isApply(request.headers['content-type'] ?? ''))
      return createFrom(parts, facts, exchange, applied(facts, {}, sent, exchange));
    throw new AppError('NotFound', `${fullName(facts)} "${name}" not found`);
  }
  const change = (current: AnyResource) => changedObject(facts, current, sent, exchange);
  const { isDryRun: dryRun } = readWriteOptions(exchange);
  const isKept = resource === 'namespaces' || resource === 'events' || kept.has(resource, before.metadata);
  const isWatched = !isKept && before.metadata.annotations?.[annotation.file] !== undefined;
  if (isWatched && before.metadata.deletionTimestamp) {
    // Its file has let go of it: only what holds it back is left to be said.
    const { metadata } = change(before);
    return sendJson(response, 200, dryRun ? { ...before, metadata } : kept.mark(resource, before, metadata));
  }
  if (isWatched && isSupportingResource(resource)) {
    let metadata: Partial<ObjectMeta> = {};
    const edit = (current: SupportingObject['object']) => {
      const next = change(current);
      metadata = next.metadata;
      return next as SupportingObject['object'];
    };
    const made = await parts.commitSupporting({ resource, namespace, name }, edit, { dryRun });
    return sendJson(response, 200, dryRun ? made : kept.mark(resource, made, metadata));
  }
  if (!isKept)
    throw new AppError('Forbidden', `${fullName(facts)} "${name}" is forbidden: it is made by minithena`, {
      hint: 'change the ModelServing that it belongs to',
    });
  const made = kept.update(resource, change(before), { dryRun });
  await untilOnDisk(parts, facts, dryRun);
  sendJson(response, 200, made);
}

/** PUT and PATCH of `…/status`: nothing else of the object changes by it. */
export async function updateStatus(parts: WriteParts, facts: KindFacts, exchange: Exchange): Promise<void> {
  const { store, kept } = parts;
  const { params, request, response } = exchange;
  const sent = await readBody(request);
  const before = store.get(facts.resource, params.namespace ?? '', params.name ?? '');
  if (!before) throw new AppError('NotFound', `${fullName(facts)} "${params.name}" not found`);
  const body = bodyOfChange(facts, before, sent, exchange);
  metaOfChanged(before.metadata, metadataOf(body));
  const { status: _status, ...rest } = before as AnyResource & { status?: unknown };
  const next = { ...rest, ...(body.status != null && { status: body.status }) } as AnyResource;
  sendJson(response, 200, kept.update(facts.resource, next, { dryRun: readWriteOptions(exchange).isDryRun }));
}

const isSupportingResource = (resource: string): resource is SupportingObject['resource'] =>
  (supportingResources as readonly string[]).includes(resource);

/** The counts of a kept ModelServing, for /scale: validated like any other write. Throws SpecInvalid. */
export function scaleKept(
  { kept }: WriteParts,
  facts: KindFacts,
  before: ModelServing,
  replicas: number,
  mode: { dryRun: boolean },
): ModelServing {
  const next = { ...before, spec: { ...before.spec, replicas } };
  const faults = readWritten(facts, { ...next }, before).problems.filter(isFault);
  if (faults.length > 0) throw invalid(facts, before.metadata.name, faults);
  return kept.update('modelservings', next, mode) as ModelServing;
}
