import type { AnyResource, ResourceName } from '../../../src/api/types/resources.js';
import type {
  Change,
  CliClient,
  DaemonInfo,
  ListOptions,
  LogRequest,
  PlannedServing,
} from '../../../src/cli/cli-client.js';
import type { UsageOf } from '../../../src/client/api-client.js';
import { AppError } from '../../../src/lib/app-error.js';

export interface FakeClient extends CliClient {
  /** What was asked of it, in order. */
  readonly calls: string[];
  put(resource: ResourceName, object: unknown): void;
  drop(resource: ResourceName, name: string): void;
  onSync: () => void;
  logText: (request: LogRequest) => string[];
  planned: PlannedServing[];
  used: { [K in keyof UsageOf]?: UsageOf[K][] };
  info: DaemonInfo;
}

/** A client over objects in memory: watches list first, then tell what `put` and `drop` do. */
export function fakeClient(objects: Partial<Record<ResourceName, unknown[]>> = {}): FakeClient {
  const kept = new Map<ResourceName, AnyResource[]>();
  const listeners: {
    resource: ResourceName;
    options: ListOptions;
    tell: (change: Change) => void;
    signal: AbortSignal;
  }[] = [];
  const all = (resource: ResourceName) => kept.get(resource) ?? [];
  for (const [resource, list] of Object.entries(objects))
    kept.set(resource as ResourceName, list as AnyResource[]);
  const matches = (object: AnyResource, { namespace, labelSelector, fieldSelector }: ListOptions = {}) =>
    (namespace === undefined || object.metadata.namespace === namespace) &&
    (labelSelector ?? '').split(',').every((each) => {
      const [key = '', value] = each.split('=');
      return each === '' || object.metadata.labels?.[key] === value;
    }) &&
    (fieldSelector ?? '').split(',').every((each) => {
      const [path = '', value] = each.split('=');
      if (path === 'metadata.name') return object.metadata.name === value;
      const about = (object as { involvedObject?: Record<string, string> }).involvedObject;
      return each === '' || about?.[path.replace('involvedObject.', '')] === value;
    });
  const tell = (resource: ResourceName, change: Change) => {
    for (const each of listeners) {
      if (each.resource !== resource || each.signal.aborted || !('object' in change)) continue;
      if (matches(change.object, each.options)) each.tell(change);
    }
  };
  const fake: FakeClient = {
    calls: [],
    planned: [],
    used: {},
    onSync: () => {},
    logText: () => [],
    info: {
      version: '0.1.0',
      cluster: 'default',
      clusterId: 'id',
      pid: 1,
      engine: { kind: 'simulated', version: '1', reachable: true, message: '' },
      stateDir: '/state',
      files: [],
      diagnostics: [],
      node: { capacity: { cpu: '8' }, gpus: [], gpuSlots: 1, gpuSource: 'found' as const },
      pull: 'default',
      rules: 'ordinal',
    },
    put(resource, object) {
      const wanted = object as AnyResource;
      const before = all(resource);
      const known = before.some((each) => each.metadata.name === wanted.metadata.name);
      kept.set(resource, [...before.filter((each) => each.metadata.name !== wanted.metadata.name), wanted]);
      tell(resource, { type: known ? 'MODIFIED' : 'ADDED', object: wanted as never });
    },
    async deletePod(namespace, name, gracePeriodSeconds) {
      fake.calls.push(`delete pod ${namespace}/${name} ${gracePeriodSeconds ?? 'as it says'}`);
      if (!all('pods').some((each) => each.metadata.name === name))
        throw new AppError('NotFound', `pods "${name}" not found`);
      fake.drop('pods', name);
    },
    drop(resource, name) {
      const object = all(resource).find((each) => each.metadata.name === name);
      kept.set(
        resource,
        all(resource).filter((each) => each !== object),
      );
      if (object) tell(resource, { type: 'DELETED', object: object as never });
    },
    hasGroup: () => Promise.reject(new Error('not faked')),
    list: async (resource, options) => all(resource).filter((each) => matches(each, options)) as never,
    async get(resource, namespace, name) {
      const found = all(resource).find((each) => each.metadata.name === name && matches(each, { namespace }));
      if (!found) throw new AppError('NotFound', `${resource} "${name}" not found`);
      return found as never;
    },
    async watch(resource, options, onChange, signal) {
      queueMicrotask(() => {
        for (const object of all(resource).filter((each) => matches(each, options)))
          onChange({ type: 'ADDED', object: object as never });
        onChange({ type: 'SYNCED' });
        listeners.push({ resource, options, tell: onChange as never, signal });
      });
    },
    async *logs(request) {
      fake.calls.push(`logs ${JSON.stringify(request)}`);
      yield* fake.logText(request);
    },
    async scale(namespace, name, edit) {
      fake.calls.push(`scale ${namespace}/${name} ${JSON.stringify(edit)}`);
      const before = (await fake.get('modelservings', namespace, name)) as never as {
        metadata: { generation: number };
        spec: { replicas: number };
      };
      const after = structuredClone(before) as never as Awaited<ReturnType<CliClient['scale']>>;
      after.metadata.generation = before.metadata.generation + 1;
      if (edit.replicas !== undefined) after.spec.replicas = edit.replicas;
      for (const role of after.spec.template.roles)
        role.replicas = edit.roleReplicas?.[role.name] ?? role.replicas;
      return after;
    },
    async replace(resource, object) {
      fake.calls.push(`replace ${resource} ${object.metadata.name}`);
      fake.put(resource, object);
      return object;
    },
    async patch(resource, namespace, name, patch) {
      fake.calls.push(`patch ${resource} ${name} ${JSON.stringify(patch)}`);
      return fake.get(resource, namespace, name);
    },
    apply: () => Promise.reject(new Error('not faked')),
    remove: () => Promise.reject(new Error('not faked')),
    usage: async (resource, { name }) =>
      (fake.used[resource] ?? []).filter((each) => name === undefined || each.metadata.name === name),
    exec: () => Promise.reject(new Error('not faked')),
    attach: () => Promise.reject(new Error('not faked')),
    forward: () => Promise.reject(new Error('not faked')),
    files: {} as never,
    control: {
      info: async () => fake.info,
      up: async ({ files }) => void fake.calls.push(`up ${files.join(' ')}`),
      down: async (request) => {
        fake.calls.push(`down ${JSON.stringify(request)}`);
        for (const each of all('modelservings')) fake.drop('modelservings', each.metadata.name);
        return { removed: [], kept: ['volume data'] };
      },
      sync: async () => {
        fake.calls.push('sync');
        fake.onSync();
      },
      stop: async () => void fake.calls.push('stop'),
      failures: async () => [],
      drill: async ({ kind, pod }) => {
        fake.calls.push(`drill ${kind} ${pod}`);
        return { reason: 'ChaosKill', message: `${pod} is killed` };
      },
      plan: async (request) => {
        fake.calls.push(`plan ${JSON.stringify(request)}`);
        return fake.planned;
      },
    },
    close: async () => void fake.calls.push('close'),
  };
  return fake;
}
