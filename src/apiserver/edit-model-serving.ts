import type { ModelServing } from '../api/types/model-serving.js';
import { AppError } from '../lib/app-error.js';
import { stableJson } from '../lib/stable-json.js';
import type { ObjectStore } from '../store/object-store.js';
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
  sendJson(exchange.response, 200, await commit(before.metadata, countsOf(before, wanted)));
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
    found = await commit(found.metadata, { replicas: wanted.spec.replicas });
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

function patched(exchange: Exchange, before: object, body: unknown): unknown {
  if (exchange.method === 'PUT') return body;
  const type = exchange.request.headers['content-type'] ?? '';
  if (Array.isArray(body) || type.startsWith('application/json-patch'))
    return jsonPatch(before, body as JsonPatch[]);
  return mergePatch(before, body);
}

/** RFC 7386. */
function mergePatch(target: unknown, patch: unknown): unknown {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return patch;
  const result: Record<string, unknown> = typeof target === 'object' && target !== null ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else result[key] = mergePatch(result[key], value);
  }
  return result;
}

type JsonPatch = { op: string; path: string; value?: unknown };

/** The part of RFC 6902 that sets values. */
function jsonPatch(before: object, patches: readonly JsonPatch[]): unknown {
  const result = structuredClone(before) as Record<string, unknown>;
  for (const { op, path, value } of patches) {
    if (op !== 'replace' && op !== 'add')
      throw new AppError('Usage', `the patch operation ${op} is not supported here`);
    const steps = path
      .split('/')
      .slice(1)
      .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
    let at: Record<string, unknown> | undefined = result;
    for (const step of steps.slice(0, -1)) at = at?.[step] as Record<string, unknown> | undefined;
    if (!at) throw new AppError('Usage', `the patch path ${path} does not exist`);
    at[steps.at(-1) ?? ''] = value;
  }
  return result;
}

/** What differs, when only counts do. Throws NotEditable for anything else. */
function countsOf(before: ModelServing, wanted: ModelServing): ReplicasEdit {
  const roles = before.spec.template.roles;
  const roleReplicas: Record<string, number> = {};
  const names = wanted.spec?.template?.roles ?? [];
  for (const role of names) {
    const old = roles.find((each) => each.name === role.name);
    if (old && role.replicas !== undefined && role.replicas !== old.replicas)
      roleReplicas[role.name] = role.replicas;
  }
  const counted: ModelServing['spec'] = {
    ...before.spec,
    replicas: wanted.spec.replicas,
    template: {
      ...before.spec.template,
      roles: roles.map((role) => ({ ...role, replicas: roleReplicas[role.name] ?? role.replicas })),
    },
  };
  if (stableJson(counted) !== stableJson(wanted.spec)) {
    const file = before.metadata.annotations?.['minithena.dev/file'] ?? 'its file';
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
