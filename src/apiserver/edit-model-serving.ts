import { applyDefaults } from '../api/apply-defaults.js';
import { annotation } from '../api/labels.js';
import type { ModelServing } from '../api/types/model-serving.js';
import { AppError } from '../lib/app-error.js';
import { type Change, changesBetween } from '../lib/changes-between.js';
import type { ObjectStore } from '../store/object-store.js';
import { applyPatch } from './apply-patch.js';
import { type Exchange, readJson, sendJson } from './exchange.js';

/** Makes an edit, worked out from the newest of the object, in its file; with `dryRun`, tells what would be. */
export type Commit = (
  ref: { namespace: string; name: string },
  edit: (current: ModelServing) => readonly Change[],
  mode: { dryRun: boolean },
) => Promise<ModelServing>;

/** PATCH and PUT of a ModelServing: what differs is written to its file, which stays the one truth. */
export async function editModelServing(
  store: ObjectStore,
  commit: Commit,
  exchange: Exchange,
): Promise<void> {
  const { metadata } = find(store, exchange);
  const body = await readJson(exchange.request);
  const edit = (current: ModelServing) =>
    changesTo(current, patched(exchange, current, body) as ModelServing);
  sendJson(exchange.response, 200, await commit(metadata, edit, { dryRun: isDryRun(exchange) }));
}

/** autoscaling/v1 Scale, for `kubectl scale` and autoscalers. */
export async function scaleModelServing(
  store: ObjectStore,
  commit: Commit,
  exchange: Exchange,
): Promise<void> {
  let found = find(store, exchange);
  if (exchange.method !== 'GET') {
    const body = await readJson(exchange.request);
    const edit = (current: ModelServing) => {
      const wanted = patched(exchange, scaleOf(current), body) as ReturnType<typeof scaleOf>;
      const replicas = count('spec.replicas', wanted?.spec?.replicas);
      return changesBetween(current.spec.replicas, replicas, ['spec', 'replicas']);
    };
    found = await commit(found.metadata, edit, { dryRun: isDryRun(exchange) });
  }
  sendJson(exchange.response, 200, scaleOf(found));
}

const scaleOf = ({ metadata, spec, status }: ModelServing) => ({
  kind: 'Scale',
  apiVersion: 'autoscaling/v1',
  metadata,
  spec: { replicas: spec.replicas },
  status: { replicas: status?.replicas ?? 0, selector: status?.labelSelector ?? '' },
});

function find(store: ObjectStore, { params }: Exchange): ModelServing {
  const { namespace = '', name = '' } = params;
  const found = store.get('modelservings', namespace, name);
  if (!found) throw new AppError('NotFound', `modelservings.workload.serving.volcano.sh "${name}" not found`);
  return found;
}

function patched(exchange: Exchange, before: Versioned, body: unknown): unknown {
  const wanted =
    exchange.method === 'PUT'
      ? body
      : applyPatch(before, body, exchange.request.headers['content-type'] ?? '');
  const version = (wanted as Partial<Versioned> | null)?.metadata?.resourceVersion;
  if (version !== undefined && version !== before.metadata.resourceVersion) {
    throw new AppError('Conflict', `"${before.metadata.name}" changed since it was read`, {
      hint: 'read it again and repeat the change',
    });
  }
  return wanted;
}

type Versioned = Pick<ModelServing, 'metadata'>;

const isDryRun = ({ query }: Exchange): boolean => query.get('dryRun') === 'All';

/** Throws SpecInvalid for what is no count. */
function count(field: string, value: unknown): number {
  if (Number.isInteger(value) && (value as number) >= 0) return value as number;
  throw new AppError('SpecInvalid', `${field}: ${JSON.stringify(value)} is not a whole number from 0 on`);
}

/** Known only to us: a client that leaves them out, or brings its own, changes nothing. */
const ownAnnotations = [
  annotation.file,
  annotation.invalidSpec,
  'kubectl.kubernetes.io/last-applied-configuration',
];

/** What makes the wanted object of the stored one, in the file. A status in it is ignored. Throws SpecInvalid. */
function changesTo(before: ModelServing, wanted: ModelServing): readonly Change[] {
  if (typeof wanted?.spec !== 'object' || wanted.spec === null)
    throw new AppError('SpecInvalid', 'spec: it is missing', { hint: 'send the whole object' });
  for (const [field, was, is] of [
    ['metadata.name', before.metadata.name, wanted.metadata?.name],
    ['metadata.namespace', before.metadata.namespace, wanted.metadata?.namespace],
    ['kind', before.kind, wanted.kind],
    ['apiVersion', before.apiVersion, wanted.apiVersion],
    [
      `metadata.annotations[${annotation.file}]`,
      before.metadata.annotations?.[annotation.file],
      wanted.metadata?.annotations?.[annotation.file],
    ],
  ]) {
    if (is !== undefined && was !== is)
      throw new AppError('SpecInvalid', `${field}: ${is} is not ${was}: it cannot be changed`);
  }
  const roles: unknown = wanted.spec.template?.roles;
  // What is misshapen is refused where it would stand in the file.
  const isWhole = Array.isArray(roles) && roles.every((role) => typeof role === 'object' && role !== null);
  return [
    ...changesBetween(marksOf(before), marksOf(wanted), ['metadata']),
    ...changesBetween(before.spec, isWhole ? applyDefaults(wanted as object).spec : wanted.spec, ['spec']),
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
