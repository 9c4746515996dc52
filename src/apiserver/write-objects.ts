import { groupVersionOf, type KindFacts } from '../api/kinds.js';
import { annotation } from '../api/labels.js';
import { fieldPath, type Problem } from '../api/problem.js';
import {
  changedThoughImmutable,
  type SupportingObject,
  supportingResources,
} from '../api/read-supporting.js';
import type { ModelServing } from '../api/types/model-serving.js';
import type { ObjectMeta } from '../api/types/object-meta.js';
import type { AnyResource } from '../api/types/resources.js';
import { AppError } from '../lib/app-error.js';
import { stableJson } from '../lib/stable-json.js';
import { textOf } from '../lib/text-of.js';
import type { KeptObjects } from '../store/kept-objects.js';
import type { ObjectStore } from '../store/object-store.js';
import { type Exchange, readBody, sendJson } from './exchange.js';
import { invalidField } from './invalid-field.js';
import { applyPatch, isApply } from './patch/apply-patch.js';
import { isFault, readWritten } from './read-written.js';
import { refuseDepth } from './refuse-depth.js';
import type { Rules } from './table-columns.js';
import { warningHeader } from './warning-header.js';
import { metaOfChanged, metaOfNew } from './write-meta.js';
import { readWriteOptions } from './write-options.js';

export interface WriteParts {
  /** Of ModelServings that do not say. */
  readonly rules: Rules;
  readonly store: ObjectStore;
  readonly kept: KeptObjects;
  /** Makes an edit of a ConfigMap, Secret or claim in its watched file; with `dryRun`, tells what would be. */
  commitSupporting(
    ref: { resource: SupportingObject['resource']; namespace: string; name: string },
    edit: (current: SupportingObject['object']) => SupportingObject['object'],
    mode: { dryRun: boolean },
  ): Promise<SupportingObject['object']>;
}
type Body = Readonly<Record<string, unknown>>;

/** As Kubernetes' messages call a kind. */
export const fullName = ({ resource, group }: KindFacts): string =>
  group === '' ? resource : `${resource}.${group}`;

/** POST of a new object: it is kept in a file of ours. */
export async function createObject(parts: WriteParts, facts: KindFacts, exchange: Exchange): Promise<void> {
  await createFrom(parts, facts, exchange, await bodyOf(facts, exchange));
}

async function createFrom(
  { store, kept }: WriteParts,
  facts: KindFacts,
  exchange: Exchange,
  body: Body,
): Promise<void> {
  const { params, response } = exchange;
  const namespace = facts.namespaced ? (params.namespace ?? '') : '';
  const given = { ...metadataOf(body), ...(params.name && { name: params.name }) };
  const metadata = withManagers(metaOfNew(given, namespace), given, exchange);
  admitTo(store, facts, metadata);
  const object = readOrRefuse(facts, body, metadata, exchange);
  const there = store.get(facts.resource, namespace, metadata.name);
  if (there) {
    const why = there.metadata.deletionTimestamp ? 'object is being deleted: ' : '';
    throw new AppError('AlreadyExists', `${why}${fullName(facts)} "${metadata.name}" already exists`, {
      details: { status: { name: metadata.name } },
    });
  }
  const { isDryRun: dryRun } = readWriteOptions(exchange);
  sendJson(response, 201, kept.create(facts.resource, object, { dryRun }));
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
  const next = change(before);
  sendJson(response, 200, kept.update(resource, next, { dryRun }));
}

/** What a PUT or PATCH makes of a stored object, judged like any write. Throws Usage, Conflict, SpecInvalid, UnsupportedMediaType. */
export function changedObject(
  facts: KindFacts,
  before: AnyResource,
  sent: unknown,
  exchange: Exchange,
): AnyResource {
  const body = bodyOfChange(facts, before, sent, exchange);
  const given = metadataOf(body);
  const metadata = withManagers(metaOfChanged(before.metadata, given), given, exchange);
  // As of all custom resources: who replaces a whole one must have seen it.
  if (exchange.method === 'PUT' && facts.group.includes('.') && !given.resourceVersion)
    throw invalidField('metadata.resourceVersion', 'Invalid value: 0x0: must be specified for an update');
  const read = readOrRefuse(facts, body, metadata, exchange);
  refuseImmutable(facts, before, read);
  const { status } = before as { status?: unknown };
  const { status: _status, ...rest } = read as AnyResource & { status?: unknown };
  return { ...rest, ...(status !== undefined && { status }) } as AnyResource;
}

/** The object that a PUT sends, or that a PATCH makes of `before`. Throws Usage, SpecInvalid, UnsupportedMediaType. */
export const bodyOfChange = (facts: KindFacts, before: object, sent: unknown, exchange: Exchange): Body =>
  exchange.method === 'PUT' ? checked(facts, sent) : applied(facts, before, sent, exchange);

function applied(facts: KindFacts, before: object, sent: unknown, exchange: Exchange): Body {
  const { fieldManager } = readWriteOptions(exchange);
  const contentType = exchange.request.headers['content-type'] ?? '';
  const now = `${new Date().toISOString().slice(0, 19)}Z`;
  const body = applyPatch(facts, before, sent, { contentType, fieldManager, now });
  refuseDepth(body);
  return checked(facts, body);
}

/** Who applied what is written down by apply patches alone. */
function withManagers(metadata: ObjectMeta, given: object, { request }: Exchange): ObjectMeta {
  const { managedFields } = given as Pick<ObjectMeta, 'managedFields'>;
  const isNew = isApply(request.headers['content-type'] ?? '') && managedFields !== undefined;
  return isNew ? { ...metadata, managedFields } : metadata;
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
  const faults = readWritten(facts, { ...next }).problems.filter(isFault);
  if (faults.length > 0) throw invalid(facts, before.metadata.name, faults);
  return kept.update('modelservings', next, mode) as ModelServing;
}

/** What the body says, as the object that would be stored. Throws SpecInvalid with all causes; what is only doubtful becomes a Warning. */
function readOrRefuse(facts: KindFacts, body: Body, metadata: ObjectMeta, exchange: Exchange): AnyResource {
  const { labels, annotations, name, namespace } = metadata;
  const named = {
    name,
    ...(facts.namespaced && { namespace }),
    ...(labels && { labels }),
    ...(annotations && { annotations }),
  };
  const whole = { ...body, apiVersion: groupVersionOf(facts), kind: facts.kind, metadata: named };
  const { object, problems } = readWritten(facts, whole);
  const faults = problems.filter(isFault);
  if (faults.length > 0 || !object) throw invalid(facts, name, faults);
  const unknown = problems.filter(({ code }) => code === 'UnknownField').map(unknownText);
  const { fieldValidation: validation } = readWriteOptions(exchange);
  if (validation === 'Strict' && unknown.length > 0)
    throw new AppError('Usage', `strict decoding error: ${unknown.join(', ')}`);
  const warnings = problems.filter(({ severity }) => severity === 'warning');
  warn(exchange, [
    ...(validation === 'Ignore' ? [] : unknown),
    ...warnings.map(({ path, message }) => `${fieldPath(path)}: ${message}`),
    ...(notActedOn.has(facts.resource) ? [`a ${facts.kind} is kept, and nothing here acts on it`] : []),
  ]);
  return { ...object, metadata } as AnyResource;
}

/** Kept for their clients. */
export const notActedOn: ReadonlySet<string> = new Set([
  'services',
  'modelservers',
  'modelroutes',
  'modelboosters',
  'autoscalingpolicies',
  'autoscalingpolicybindings',
]);

const unknownText = ({ path }: Problem): string => `unknown field "${fieldPath(path)}"`;

function warn({ response }: Exchange, texts: readonly string[]): void {
  if (texts.length === 0) return;
  response.setHeader('warning', warningHeader(texts));
}

function invalid(facts: KindFacts, name: string, faults: readonly Problem[]): AppError {
  const causes = faults.map((fault) => {
    const { message, path, hint, missing } = fault;
    return {
      reason: reasonOf(fault),
      message: hint === undefined ? message : `${message} (${hint})`,
      field: fieldPath(missing === undefined ? path : [...path, missing]),
    };
  });
  const texts = causes.map(({ field, message }) => (field ? `${field}: ${message}` : message));
  const text = texts.length === 1 ? texts[0] : `[${texts.join(', ')}]`;
  return new AppError('SpecInvalid', `${kindName(facts)} "${name}" is invalid: ${text}`, {
    details: {
      status: { name, ...(facts.group !== '' && { group: facts.group }), kind: facts.kind, causes },
    },
  });
}

function reasonOf({ code, message, isNoChoice }: Problem): string {
  if (isNoChoice) return 'FieldValueNotSupported';
  return message.startsWith('Forbidden: ')
    ? 'FieldValueForbidden'
    : (causeReasons[code] ?? 'FieldValueInvalid');
}

const causeReasons: Readonly<Record<string, string>> = {
  MissingField: 'FieldValueRequired',
  DuplicateName: 'FieldValueDuplicate',
  WrongType: 'FieldValueTypeInvalid',
};

const kindName = ({ kind, group }: KindFacts): string => (group === '' ? kind : `${kind}.${group}`);

/** What may not change once it is there. Throws SpecInvalid. */
function refuseImmutable(facts: KindFacts, before: AnyResource, after: AnyResource): void {
  const refuse = (field: string, message: string): never => {
    throw invalid(facts, before.metadata.name, [
      { severity: 'error', code: 'Immutable', message, path: field.split('.') },
    ]);
  };
  if (before.kind === 'Secret' && after.kind === 'Secret' && before.type !== after.type)
    refuse('type', 'field is immutable');
  if (before.kind === 'PersistentVolumeClaim' && after.kind === 'PersistentVolumeClaim') {
    if (stableJson(before.spec) !== stableJson(after.spec))
      refuse('spec', 'Forbidden: spec is immutable after creation');
  }
  if (before.kind === 'ConfigMap' || before.kind === 'Secret') {
    const field = changedThoughImmutable(before, after as SupportingObject['object']);
    if (field !== undefined) refuse(field, 'Forbidden: field is immutable when `immutable` is set');
  }
  if (before.kind === 'ModelServing') {
    const gangOf = (each: AnyResource) => (each as ModelServing).spec.template.gangPolicy?.minRoleReplicas;
    const gang = gangOf(before);
    if (gang !== undefined && stableJson(gang) !== stableJson(gangOf(after) ?? null))
      refuse(
        'spec.template.gangPolicy.minRoleReplicas',
        'it may be added, and then neither changed nor removed',
      );
  }
}

/** Nothing new comes into a namespace that is not there, or that goes. Throws NotFound, Forbidden. */
function admitTo(store: ObjectStore, facts: KindFacts, { namespace, name }: ObjectMeta): void {
  if (!facts.namespaced) return;
  const found = store.get('namespaces', '', namespace);
  if (!found)
    throw new AppError('NotFound', `namespaces "${namespace}" not found`, {
      hint: `kubectl create namespace ${namespace}`,
      details: { status: { name: namespace, kind: 'namespaces' } },
    });
  if (found.metadata.deletionTimestamp)
    throw new AppError(
      'Forbidden',
      `${fullName(facts)} "${name}" is forbidden: unable to create new content in namespace ${namespace} because it is being terminated`,
      { details: { status: { name, causes: [terminating(namespace)] } } },
    );
}

const terminating = (namespace: string) => ({
  reason: 'NamespaceTerminating',
  message: `namespace ${namespace} is being terminated`,
  field: 'metadata.namespace',
});

async function bodyOf(facts: KindFacts, exchange: Exchange): Promise<Body> {
  return checked(facts, await readBody(exchange.request));
}

/** The body as an object of this kind. Throws Usage. */
function checked(facts: KindFacts, body: unknown): Body {
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw new AppError('Usage', 'the request body is no object');
  const { kind = facts.kind, apiVersion = groupVersionOf(facts), metadata } = body as Body;
  if (kind !== facts.kind || apiVersion !== groupVersionOf(facts))
    throw new AppError(
      'Usage',
      `${textOf(apiVersion)} ${textOf(kind)} in the body: this path is for ${groupVersionOf(facts)} ${facts.kind}`,
    );
  if (
    metadata !== undefined &&
    (typeof metadata !== 'object' || metadata === null || Array.isArray(metadata))
  )
    throw new AppError('Usage', 'metadata: a map is expected');
  return body as Body;
}

export const metadataOf = (body: Body): Record<string, unknown> => {
  const all = Object.entries((body.metadata ?? {}) as Record<string, unknown>);
  return Object.fromEntries(all.filter(([, value]) => value !== null));
};
