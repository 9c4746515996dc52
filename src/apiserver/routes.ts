import type { ControlHandlers } from '../api/control-types.js';
import { type KindFacts, kinds, pathOf } from '../api/kinds.js';
import { AppError } from '../lib/app-error.js';
import type { KeptObjects } from '../store/kept-objects.js';
import type { ObjectStore } from '../store/object-store.js';
import { reviewAccess } from './access-review.js';
import { controlRoutes } from './control-requests.js';
import { copyFiles } from './copy-files.js';
import { definitionRoutes } from './custom-definitions.js';
import { deleteObject, deleteObjects } from './delete-objects.js';
import { type Commit, editModelServing, scaleModelServing } from './edit-model-serving.js';
import { editPod } from './edit-pod.js';
import type { Exchange } from './exchange.js';
import { type PodAccess, podLog } from './pod-requests.js';
import { podStatus } from './pod-status-requests.js';
import { getObject, listObjects } from './read-objects.js';
import { needsWebSocket } from './sessions.js';
import { createObject, scaleKept, updateObject, type WriteParts } from './write-objects.js';

export interface Route {
  methods: readonly string[];
  /** Segments; `:name` catches one. */
  pattern: string;
  handle(exchange: Exchange): void | Promise<void>;
}

/** Every path of the API. The first match counts. */
export function routes(parts: {
  store: ObjectStore;
  kept: KeptObjects;
  kubelet: PodAccess;
  commit: Commit;
  control: ControlHandlers;
}): Route[] {
  const { store, kept, kubelet, commit, control } = parts;
  const writes = { store, kept };
  const servings = '/apis/workload.serving.volcano.sh/v1alpha1/namespaces/:namespace/modelservings/:name';
  const pod = '/api/v1/namespaces/:namespace/pods/:name';
  const get = ['GET'];
  const servingFacts = kinds[0] as KindFacts;
  return [
    ...kinds.flatMap((facts): Route[] => [
      { methods: get, pattern: pathOf(facts), handle: (exchange) => listObjects(store, facts, exchange) },
      {
        methods: get,
        pattern: `${pathOf(facts, ':namespace')}/:name`,
        handle: (exchange) => getObject(store, facts, exchange),
      },
      ...writeRoutes(writes, facts),
      ...(facts.namespaced
        ? [
            {
              methods: get,
              pattern: pathOf(facts, ':namespace'),
              handle: (exchange: Exchange) => listObjects(store, facts, exchange),
            },
          ]
        : []),
    ]),
    {
      methods: get,
      pattern: `${servings}/status`,
      handle: (exchange) => getObject(store, servingFacts, exchange),
    },
    {
      methods: ['PATCH', 'PUT'],
      pattern: servings,
      handle: (exchange) =>
        comesFromFile(writes, exchange)
          ? editModelServing(store, commit, exchange)
          : updateObject(writes, servingFacts, exchange),
    },
    {
      methods: ['GET', 'PATCH', 'PUT'],
      pattern: `${servings}/scale`,
      handle: (exchange) => scaleModelServing(store, commitTo(writes, commit), exchange),
    },
    { methods: ['PATCH', 'PUT'], pattern: pod, handle: (exchange) => editPod(store, kubelet, exchange) },
    { methods: get, pattern: `${pod}/log`, handle: (exchange) => podLog(store, kubelet, exchange) },
    {
      methods: ['GET', 'PATCH', 'PUT'],
      pattern: `${pod}/status`,
      handle: (exchange) => podStatus(store, exchange),
    },
    ...['exec', 'attach', 'portforward'].map((part) => ({
      methods: ['GET', 'POST'],
      pattern: `${pod}/${part}`,
      handle: () => {
        throw needsWebSocket(part);
      },
    })),
    {
      methods: ['POST'],
      pattern: '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
      handle: reviewAccess,
    },
    {
      methods: ['GET', 'PUT'],
      pattern: '/minithena/v1/files',
      handle: (exchange) => copyFiles(kubelet.sessions, exchange),
    },
    ...definitionRoutes,
    ...controlRoutes(control),
  ];
}

/** The same for one that is kept in a file of ours: of its counts. */
function commitTo(writes: WriteParts, commit: Commit): Commit {
  return async (ref, edit, mode) => {
    const before = writes.store.get('modelservings', ref.namespace, ref.name);
    if (!before || !writes.kept.has('modelservings', ref)) return commit(ref, edit, mode);
    const changed = edit(before).find(({ path }) => path.join('.') === 'spec.replicas');
    const replicas = (changed?.value ?? before.spec.replicas) as number;
    return scaleKept(writes, kinds[0] as KindFacts, before, replicas, mode);
  };
}

/** Whether a watched file holds this ModelServing. */
function comesFromFile({ store, kept }: WriteParts, { params }: Exchange): boolean {
  const { namespace = '', name = '' } = params;
  return (
    Boolean(store.get('modelservings', namespace, name)) && !kept.has('modelservings', { namespace, name })
  );
}

/** POST, PUT, PATCH and DELETE of the kinds that have them and no handler of their own. */
function writeRoutes(writes: WriteParts, facts: KindFacts): Route[] {
  const all = pathOf(facts, ':namespace');
  const one = `${all}/:name`;
  const edits = !['modelservings', 'pods'].includes(facts.resource) && facts.verbs.includes('update');
  return [
    ...(facts.verbs.includes('create')
      ? [
          {
            methods: ['POST'],
            pattern: all,
            handle: (exchange: Exchange) => createObject(writes, facts, exchange),
          },
        ]
      : []),
    ...(edits
      ? [
          {
            methods: ['PUT', 'PATCH'],
            pattern: one,
            handle: (exchange: Exchange) => updateObject(writes, facts, exchange),
          },
        ]
      : []),
    ...(facts.verbs.includes('delete')
      ? [
          {
            methods: ['DELETE'],
            pattern: one,
            handle: (exchange: Exchange) => deleteObject(writes, facts, exchange),
          },
          {
            methods: ['DELETE'],
            pattern: all,
            handle: (exchange: Exchange) => deleteObjects(writes, facts, exchange),
          },
        ]
      : []),
  ];
}

/** What a pattern catches of a path, decoded; undefined when it does not match. */
export function matchPath(pattern: string, path: string): Record<string, string> | undefined {
  const wanted = pattern.split('/');
  const given = path.split('/');
  if (wanted.length !== given.length) return undefined;
  const params: Record<string, string> = {};
  for (const [at, step] of wanted.entries()) {
    const segment = given[at] ?? '';
    if (step.startsWith(':')) {
      if (segment === '') return undefined;
      params[step.slice(1)] = decoded(segment);
    } else if (step !== segment) return undefined;
  }
  return params;
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw new AppError('Usage', `the path has a malformed part: ${segment}`);
  }
}
