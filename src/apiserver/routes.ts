import type { ControlHandlers } from '../api/control-types.js';
import { type KindFacts, kinds, pathOf, servedKinds } from '../api/kinds.js';
import { reviewRoutes } from './access-review.js';
import { controlRoutes } from './control-requests.js';
import { copyFiles } from './copy-files.js';
import { definitionRoutes } from './custom-definitions.js';
import type { Commit } from './edit-model-serving.js';
import { editPod } from './edit-pod.js';
import { decoded, type Exchange } from './exchange.js';
import { type PodAccess, podLog } from './pod-requests.js';
import { podStatus } from './pod-status-requests.js';
import { getObject, listObjects } from './read-objects.js';
import { needsWebSocket } from './sessions.js';
import { usageRoutes } from './usage-requests.js';
import type { WriteParts } from './write-objects.js';
import { writeRoutes } from './write-routes.js';

export interface Route {
  methods: readonly string[];
  /** Segments; `:name` catches one. */
  pattern: string;
  handle(exchange: Exchange): void | Promise<void>;
}

/** Every path of the API. The first match counts. */
export function routes(
  parts: WriteParts & {
    kubelet: PodAccess;
    commit: Commit;
    control: ControlHandlers;
  },
): Route[] {
  const { store, kubelet, commit, control, rules } = parts;
  const pod = '/api/v1/namespaces/:namespace/pods/:name';
  const podFacts = kinds.find(({ resource }) => resource === 'pods') as KindFacts;
  const get = ['GET'];
  return [
    ...servedKinds.flatMap((facts): Route[] => [
      {
        methods: get,
        pattern: pathOf(facts),
        handle: (exchange) => listObjects(store, facts, exchange, rules),
      },
      {
        methods: get,
        pattern: `${pathOf(facts, ':namespace')}/:name`,
        handle: (exchange) => getObject(store, facts, exchange, rules),
      },
      ...(facts.namespaced
        ? [
            {
              methods: get,
              pattern: pathOf(facts, ':namespace'),
              handle: (exchange: Exchange) => listObjects(store, facts, exchange, rules),
            },
          ]
        : []),
    ]),
    ...writeRoutes(parts, commit),
    {
      methods: ['PATCH', 'PUT'],
      pattern: pod,
      handle: (exchange) => editPod(parts, kubelet, podFacts, exchange),
    },
    { methods: get, pattern: `${pod}/log`, handle: (exchange) => podLog(store, kubelet, exchange) },
    {
      methods: ['GET', 'PATCH', 'PUT'],
      pattern: `${pod}/status`,
      handle: (exchange) => podStatus(store, kubelet, podFacts, exchange),
    },
    ...['exec', 'attach', 'portforward'].map((part) => ({
      methods: ['GET', 'POST'],
      pattern: `${pod}/${part}`,
      handle: () => {
        throw needsWebSocket(part);
      },
    })),
    ...reviewRoutes,
    {
      methods: ['GET', 'PUT'],
      pattern: '/minithena/v1/files',
      handle: (exchange) => copyFiles(kubelet.sessions, exchange),
    },
    ...definitionRoutes(rules),
    ...usageRoutes(store, kubelet),
    ...controlRoutes(control),
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
