import type { ControlHandlers } from '../api/control-types.js';
import { kinds, pathOf } from '../api/kinds.js';
import { annotation } from '../api/labels.js';
import { AppError } from '../lib/app-error.js';
import type { ObjectStore } from '../store/object-store.js';
import { reviewAccess } from './access-review.js';
import { controlRoutes } from './control-requests.js';
import { copyFiles } from './copy-files.js';
import { definitionRoutes } from './custom-definitions.js';
import { type Commit, editModelServing, scaleModelServing } from './edit-model-serving.js';
import { editPod } from './edit-pod.js';
import type { Exchange } from './exchange.js';
import { deletePod, type PodAccess, podLog } from './pod-requests.js';
import { podStatus } from './pod-status-requests.js';
import { getObject, listObjects } from './read-objects.js';
import { needsWebSocket } from './sessions.js';

export interface Route {
  methods: readonly string[];
  /** Segments; `:name` catches one. */
  pattern: string;
  handle(exchange: Exchange): void | Promise<void>;
}

/** Every path of the API. The first match counts. */
export function routes(parts: {
  store: ObjectStore;
  kubelet: PodAccess;
  commit: Commit;
  control: ControlHandlers;
}): Route[] {
  const { store, kubelet, commit, control } = parts;
  const servings = '/apis/workload.serving.volcano.sh/v1alpha1/namespaces/:namespace/modelservings/:name';
  const pod = '/api/v1/namespaces/:namespace/pods/:name';
  const get = ['GET'];
  return [
    ...kinds.flatMap((facts): Route[] => [
      { methods: get, pattern: pathOf(facts), handle: (exchange) => listObjects(store, facts, exchange) },
      {
        methods: get,
        pattern: `${pathOf(facts, ':namespace')}/:name`,
        handle: (exchange) => getObject(store, facts, exchange),
      },
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
      handle: (exchange) => getObject(store, kinds[0] as (typeof kinds)[0], exchange),
    },
    {
      methods: ['PATCH', 'PUT'],
      pattern: servings,
      handle: (exchange) => editModelServing(store, commit, exchange),
    },
    {
      methods: ['GET', 'PATCH', 'PUT'],
      pattern: `${servings}/scale`,
      handle: (exchange) => scaleModelServing(store, commit, exchange),
    },
    { methods: ['DELETE'], pattern: servings, handle: ({ params }) => refuseDeletion(store, params) },
    { methods: ['DELETE'], pattern: pod, handle: (exchange) => deletePod(store, exchange) },
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

function refuseDeletion(store: ObjectStore, params: Exchange['params']): never {
  const found = store.get('modelservings', params.namespace ?? '', params.name ?? '');
  const file = found?.metadata.annotations?.[annotation.file] ?? 'FILE';
  throw new AppError('MethodNotAllowed', 'a ModelServing is deleted by its file, not through the API', {
    hint: `minithena down ${file}`,
  });
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
