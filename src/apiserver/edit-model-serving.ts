import { annotation } from '../api/labels.js';
import type { ModelServing } from '../api/types/model-serving.js';
import { AppError } from '../lib/app-error.js';
import { type Change, changesBetween } from '../lib/changes-between.js';
import type { ObjectStore } from '../store/object-store.js';
import { applyPatch } from './apply-patch.js';
import { type Exchange, readJson, sendJson } from './exchange.js';

export interface SpecEdit {
  replicas?: number;
  roleReplicas?: Record<string, number>;
  changes?: readonly Change[];
}
export type Commit = (ref: { namespace: string; name: string }, edit: SpecEdit) => Promise<ModelServing>;

/** PATCH and PUT of a ModelServing: what differs is written to its file, which stays the one truth. */
export async function editModelServing(
  store: ObjectStore,
  commit: Commit,
  exchange: Exchange,
): Promise<void> {
  const before = find(store, exchange);
  const body = await readJson(exchange.request);
  const wanted = patched(exchange, before, body) as ModelServing;
  const edit = editOf(before, wanted);
  sendJson(exchange.response, 200, isDryRun(exchange) ? wanted : await commit(before.metadata, edit));
}

/** autoscaling/v1 Scale, for `kubectl scale` and autoscalers. */
export async function scaleModelServing(
  store: ObjectStore,
  commit: Commit,
  exchange: Exchange,
): Promise<void> {
  let found = find(store, exchange);
  if (exchange.method !== 'GET') {
    const before = scaleOf(found);
    const wanted = patched(exchange, before, await readJson(exchange.request)) as typeof before;
    const replicas = count('spec.replicas', wanted?.spec?.replicas);
    found = isDryRun(exchange)
      ? { ...found, spec: { ...found.spec, replicas } }
      : await commit(found.metadata, { replicas });
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

/** What differs between the stored object and the wanted one, as edits of the file. A status in it is ignored. Throws SpecInvalid, NotEditable. */
function editOf(before: ModelServing, wanted: ModelServing): SpecEdit {
  if (typeof wanted?.spec !== 'object' || wanted.spec === null)
    throw new AppError('SpecInvalid', 'spec: it is missing', { hint: 'send the whole object' });
  count('spec.replicas', wanted.spec.replicas ?? before.spec.replicas);
  for (const [field, was, is] of [
    ['metadata.name', before.metadata.name, wanted.metadata?.name],
    ['metadata.namespace', before.metadata.namespace, wanted.metadata?.namespace],
    ['kind', before.kind, wanted.kind],
    ['apiVersion', before.apiVersion, wanted.apiVersion],
  ]) {
    if (is !== undefined && was !== is)
      throw new AppError('SpecInvalid', `${field}: ${is} is not ${was}: it cannot be changed`);
  }
  const given: unknown = wanted.spec?.template?.roles;
  const roleReplicas: Record<string, number> = {};
  const roles = before.spec.template.roles.map((role) => {
    const other = Array.isArray(given)
      ? (given as ModelServing['spec']['template']['roles']).find((each) => each?.name === role.name)
      : undefined;
    if (other?.replicas === undefined || other.replicas === role.replicas) return role;
    roleReplicas[role.name] = count(`the replicas of role ${role.name}`, other.replicas);
    return { ...role, replicas: other.replicas };
  });
  const replicas = wanted.spec?.replicas ?? before.spec.replicas;
  const counted = { ...before.spec, replicas, template: { ...before.spec.template, roles } };
  const changes = [
    ...changesBetween(marksOf(before), marksOf(wanted), ['metadata']),
    ...changesBetween(counted, { ...wanted.spec, replicas }, ['spec']),
  ];
  return {
    ...(replicas !== before.spec.replicas && { replicas }),
    ...(Object.keys(roleReplicas).length > 0 && { roleReplicas }),
    ...(changes.length > 0 && { changes }),
  };
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
