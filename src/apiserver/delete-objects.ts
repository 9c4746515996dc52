import { readFile } from 'node:fs/promises';
import { groupVersionOf, type KindFacts, kinds } from '../api/kinds.js';
import { annotation } from '../api/labels.js';
import { parseManifests } from '../api/parse-manifests.js';
import { leftToTheDaemon } from '../api/read-model-serving.js';
import type { AnyResource } from '../api/types/resources.js';
import { AppError } from '../lib/app-error.js';
import { textOf } from '../lib/text-of.js';
import { goesAtOnce } from '../store/kept-objects.js';
import { asTold } from './as-told.js';
import { type Exchange, isSet, readBody, sendJson } from './exchange.js';
import { fullName } from './full-name.js';
import { readListOptions } from './list-options.js';
import { untilOnDisk } from './until-on-disk.js';
import type { WriteParts } from './write-objects.js';
import { invalidOptions, unsupported } from './write-options.js';

interface DeleteOptions {
  readonly graceSeconds: number | undefined;
  readonly isDryRun: boolean;
  readonly uid: string | undefined;
  readonly resourceVersion: string | undefined;
  /** Orphan: what the object owns stays, and is nobody's then. Foreground: it goes before the object does. */
  readonly policy: Policy;
}

/** DELETE of one object. Throws NotFound, Conflict for a precondition, Forbidden for what a watched file holds. */
export async function deleteObject(parts: WriteParts, facts: KindFacts, exchange: Exchange): Promise<void> {
  const { params, response } = exchange;
  const options = await optionsOf(exchange);
  const found = parts.store.get(facts.resource, params.namespace ?? '', params.name ?? '');
  if (!found) throw new AppError('NotFound', `${fullName(facts)} "${params.name}" not found`);
  await refuse(parts, facts, found, options);
  const left = options.isDryRun ? leftOf(facts, found, options) : remove(parts, facts, found, options);
  await untilOnDisk(parts, facts, options.isDryRun);
  if (left) return sendJson(response, 200, left);
  const { name, uid } = found.metadata;
  sendJson(response, 200, {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Success',
    details: { name, ...(facts.group !== '' && { group: facts.group }), kind: facts.resource, uid },
  });
}

/** What a deletion would leave of an object at first. */
const leftOf = ({ resource }: KindFacts, found: AnyResource, { policy }: DeleteOptions) =>
  goesAtOnce(resource, found) && policy !== 'Foreground' ? undefined : found;

/** POST of an Eviction: a DELETE by another name, which no budget holds up here. */
export async function evictPod(parts: WriteParts, facts: KindFacts, exchange: Exchange): Promise<void> {
  const body = (await readBody(exchange.request)) as Eviction | undefined | null;
  const { namespace = '', name = '' } = exchange.params;
  if (body?.metadata?.name !== name)
    throw new AppError('Usage', 'name in URL does not match name in Eviction object');
  const options = optionsFrom(body.deleteOptions ?? {}, exchange.query);
  const found = parts.store.get('pods', namespace, name);
  if (!found) throw new AppError('NotFound', `pods "${name}" not found`);
  await refuse(parts, facts, found, options);
  if (!options.isDryRun) remove(parts, facts, found, options);
  sendJson(exchange.response, 201, { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success' });
}

/** DELETE of all objects of a kind that the selectors mean: all of them or, where one may not go, none. */
export async function deleteObjects(parts: WriteParts, facts: KindFacts, exchange: Exchange): Promise<void> {
  const { query, params, response } = exchange;
  const options = await optionsOf(exchange);
  const { filter } = readListOptions(query, params.namespace);
  const { items, resourceVersion } = parts.store.list(facts.resource, filter);
  for (const each of items) await refuse(parts, facts, each, options);
  if (!options.isDryRun) for (const each of items) remove(parts, facts, each, options);
  await untilOnDisk(parts, facts, options.isDryRun);
  sendJson(response, 200, {
    kind: `${facts.kind}List`,
    apiVersion: groupVersionOf(facts),
    metadata: { resourceVersion },
    items: items.map(asTold),
  });
}

function remove(
  { store, kept }: WriteParts,
  { resource }: KindFacts,
  { metadata }: AnyResource,
  { graceSeconds, policy }: DeleteOptions,
): AnyResource | undefined {
  const { namespace, name, uid } = metadata;
  const object = store.get(resource, namespace, name);
  if (!object || object.metadata.uid !== uid) return undefined;
  // Nobody may find the owner gone and the reference to it still there.
  if (policy === 'Orphan') kept.orphan(object);
  const isHeld = policy === 'Foreground' && resource !== 'namespaces' && kept.has(resource, object.metadata);
  kept.remove(resource, isHeld ? kept.holdForDependents(resource, object) : object, graceSeconds);
  const left = store.get(resource, namespace, name);
  return left?.metadata.uid === uid ? left : undefined;
}

async function refuse(
  { store, kept }: WriteParts,
  facts: KindFacts,
  object: AnyResource,
  { uid, resourceVersion }: DeleteOptions,
): Promise<void> {
  const { metadata } = object;
  const failed = (what: string, wanted: string, is: string | undefined) =>
    new AppError(
      'Conflict',
      `Precondition failed: ${what} in precondition: ${wanted}, ${what} in object meta: ${is}`,
    );
  if (uid !== undefined && uid !== metadata.uid) throw failed('UID', uid, metadata.uid);
  if (resourceVersion !== undefined && resourceVersion !== metadata.resourceVersion)
    throw failed('ResourceVersion', resourceVersion, metadata.resourceVersion);
  const forbidden = (why: string, hint?: string) =>
    new AppError('Forbidden', `${fullName(facts)} "${metadata.name}" is forbidden: ${why}`, {
      ...(hint !== undefined && { hint }),
    });
  if (facts.resource === 'namespaces' && metadata.name === 'default')
    throw forbidden('this namespace may not be deleted');
  if (facts.resource === 'namespaces') {
    for (const { resource } of kinds)
      for (const each of store.list(resource, { namespace: metadata.name }).items) {
        const file = each.metadata.annotations?.[annotation.file];
        if (file !== undefined && resource !== 'pods' && !kept.has(resource, each.metadata))
          throw forbidden(
            `${each.kind} ${each.metadata.name} in it comes from ${file}`,
            `minithena down ${file}`,
          );
      }
  }
  const file = metadata.annotations?.[annotation.file];
  if (facts.resource === 'pods' || file === undefined || kept.has(facts.resource, metadata)) return;
  throw forbidden(`it comes from ${await placeOf(file, object)}, and goes with it`, `minithena down ${file}`);
}

/** FILE:LINE; the file alone where it does not hold the object (any more). */
async function placeOf(file: string, { kind, metadata }: AnyResource): Promise<string> {
  const text = await readFile(file, 'utf8').catch(() => '');
  const { modelServings, supporting } = parseManifests(file, text, leftToTheDaemon);
  const found = [...modelServings, ...supporting].find(
    ({ object }) =>
      object.kind === kind &&
      object.metadata.name === metadata.name &&
      object.metadata.namespace === metadata.namespace,
  );
  return found ? `${file}:${found.line}` : file;
}

/** More than thirty years: a time that can still be told, and a timer that can be set again. */
const longestGrace = 1e9;
type Policy = 'Background' | 'Foreground' | 'Orphan';
const policies: readonly string[] = ['Background', 'Foreground', 'Orphan'] satisfies Policy[];

interface DeleteBody {
  readonly gracePeriodSeconds?: number;
  readonly dryRun?: unknown;
  readonly preconditions?: { uid?: unknown; resourceVersion?: unknown };
  readonly propagationPolicy?: string;
  readonly orphanDependents?: boolean;
}

interface Eviction {
  readonly metadata?: { readonly name?: unknown } | null;
  readonly deleteOptions?: DeleteBody | null;
}

const optionsOf = async ({ request, query }: Exchange): Promise<DeleteOptions> =>
  optionsFrom(((await readBody(request)) ?? {}) as DeleteBody, query);

/** Throws Usage, SpecInvalid. */
function optionsFrom(body: DeleteBody, query: URLSearchParams): DeleteOptions {
  if (typeof body !== 'object' || Array.isArray(body))
    throw new AppError('Usage', 'the delete options are no object');
  const asked = query.get('gracePeriodSeconds');
  const graceSeconds = !asked ? (body.gracePeriodSeconds ?? undefined) : Number(asked);
  if (graceSeconds !== undefined && !(Number.isInteger(graceSeconds) && graceSeconds <= longestGrace))
    throw new AppError('Usage', 'gracePeriodSeconds is not a number of seconds');
  const told = query.get('propagationPolicy') ?? body.propagationPolicy ?? undefined;
  const orphans = query.has('orphanDependents') ? isSet(query, 'orphanDependents') : body.orphanDependents;
  const policy = told ?? (orphans === true ? 'Orphan' : 'Background');
  if (told !== undefined && typeof orphans === 'boolean')
    throw invalidOptions('DeleteOptions', [
      {
        reason: 'FieldValueInvalid',
        message: `Invalid value: ${JSON.stringify(told)}: orphanDependents and deletionPropagation cannot be both set`,
        field: 'propagationPolicy',
      },
    ]);
  if (!policies.includes(policy))
    throw invalidOptions('DeleteOptions', [unsupported('propagationPolicy', policy, policies)]);
  const dryRun: unknown[] = [...query.getAll('dryRun'), ...(Array.isArray(body.dryRun) ? body.dryRun : [])];
  // Whoever only wants to try must never be taken to mean it.
  const odd = dryRun.filter((each) => each !== 'All' && each !== '');
  if (odd.length > 0)
    throw invalidOptions(
      'DeleteOptions',
      odd.map((each) => unsupported('dryRun', textOf(each), ['All'])),
    );
  return {
    // As Kubernetes takes it.
    graceSeconds: graceSeconds !== undefined && graceSeconds < 0 ? 1 : graceSeconds,
    isDryRun: dryRun.includes('All'),
    uid: textIn('uid', body.preconditions?.uid),
    resourceVersion: textIn('resourceVersion', body.preconditions?.resourceVersion),
    policy: policy as Policy,
  };
}

function textIn(field: string, value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string') return value;
  throw new AppError('Usage', `preconditions.${field} is no string`);
}
