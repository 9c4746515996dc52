import { annotation } from '../api/labels.js';
import type { ModelServing } from '../api/types/model-serving.js';
import { AppError } from '../lib/app-error.js';
import { stableJson } from '../lib/stable-json.js';
import type { ObjectStore } from '../store/object-store.js';
import { applyPatch } from './apply-patch.js';
import { type Exchange, readJson, sendJson } from './exchange.js';

export interface ReplicasEdit {
  replicas?: number;
  roleReplicas?: Record<string, number>;
}
export type Commit = (ref: { namespace: string; name: string }, edit: ReplicasEdit) => Promise<ModelServing>;

/** PATCH and PUT of a ModelServing: counts are written to its file; the rest is the file's own. */
export async function editModelServing(
  store: ObjectStore,
  commit: Commit,
  exchange: Exchange,
): Promise<void> {
  const before = find(store, exchange);
  const body = await readJson(exchange.request);
  const wanted = patched(exchange, before, body) as ModelServing;
  const edit = countsOf(before, wanted);
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

/** What differs, when only counts do. Throws NotEditable for anything else. */
function countsOf(before: ModelServing, wanted: ModelServing): ReplicasEdit {
  count('spec.replicas', wanted?.spec?.replicas);
  const roles = before.spec.template.roles;
  const roleReplicas: Record<string, number> = {};
  const given: unknown = wanted.spec.template?.roles;
  for (const role of Array.isArray(given) ? (given as ModelServing['spec']['template']['roles']) : []) {
    const old = roles.find((each) => each.name === role?.name);
    if (old && role.replicas !== undefined && role.replicas !== old.replicas)
      roleReplicas[role.name] = count(`the replicas of role ${role.name}`, role.replicas);
  }
  const counted: ModelServing['spec'] = {
    ...before.spec,
    replicas: wanted.spec.replicas,
    template: {
      ...before.spec.template,
      roles: roles.map((role) => ({ ...role, replicas: roleReplicas[role.name] ?? role.replicas })),
    },
  };
  const marks = ({ metadata }: Versioned) =>
    stableJson([metadata?.labels ?? {}, metadata?.annotations ?? {}]);
  if (stableJson(counted) !== stableJson(wanted.spec) || marks(before) !== marks(wanted)) {
    const file = before.metadata.annotations?.[annotation.file] ?? 'its file';
    throw new AppError(
      'NotEditable',
      'only spec.replicas and the replicas of roles can be changed through the API',
      {
        hint: `edit ${file}`,
      },
    );
  }
  return {
    ...(wanted.spec.replicas !== before.spec.replicas && { replicas: wanted.spec.replicas }),
    ...(Object.keys(roleReplicas).length > 0 && { roleReplicas }),
  };
}
