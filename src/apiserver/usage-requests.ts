import type { ContainerUsage, NodeMetrics, PodMetrics, Usage } from '../api/types/metrics.js';
import type { Pod, Resources } from '../api/types/resources.js';
import { AppError } from '../lib/app-error.js';
import type { ObjectStore } from '../store/object-store.js';
import { type Exchange, sendJson } from './exchange.js';
import { readListOptions } from './list-options.js';
import { formIn } from './media-type.js';
import type { PodAccess } from './pod-requests.js';
import type { Route } from './routes.js';
import { usageTable } from './usage-table.js';

export const usageGroupVersion = 'metrics.k8s.io/v1beta1';
const root = `/apis/${usageGroupVersion}`;

/** `kubectl top`: what Pods use, measured when it is asked for. A Pod of which nothing runs has no metrics, as in Kubernetes. */
export function usageRoutes(store: ObjectStore, kubelet: PodAccess): Route[] {
  const listed = <R extends 'pods' | 'nodes'>(
    resource: R,
    { query, params }: Exchange,
  ): readonly Resources[R][] => {
    const options = readListOptions(query, params.namespace);
    if (options.isWatch)
      throw new AppError('MethodNotAllowed', `what ${resource} use cannot be watched`, {
        hint: 'ask again for it',
      });
    return store.list(resource, options.filter).items;
  };
  const found = <R extends 'pods' | 'nodes'>(resource: R, { params }: Exchange): Resources[R] => {
    const object = store.get(resource, params.namespace ?? '', params.name ?? '');
    if (!object) throw missing(resource, params.name ?? '');
    return object;
  };
  const ofPods = async (pods: readonly Pod[]): Promise<PodMetrics[]> => {
    const usage = await kubelet.usage(pods.map(({ metadata }) => metadata.uid ?? ''));
    return pods.flatMap((pod) => {
      const used = usage.get(pod.metadata.uid ?? '');
      return used ? [podMetrics(pod, used)] : [];
    });
  };
  const ofNodes = async (nodes: readonly Resources['nodes'][]): Promise<NodeMetrics[]> => {
    const uids = store.list('pods', {}).items.map(({ metadata }) => metadata.uid ?? '');
    const used = [...(await kubelet.usage(uids)).values()].flat();
    return nodes.map((node) => nodeMetrics(node, used));
  };
  const answer = async (exchange: Exchange, kind: string, wanted: Promise<(PodMetrics | NodeMetrics)[]>) => {
    const items = await wanted;
    const list = { kind: `${kind}List`, apiVersion: usageGroupVersion, metadata: {}, items };
    sendJson(exchange.response, 200, asksTable(exchange) ? usageTable(items, exchange.query) : list);
  };
  const answerOne = ({ request, query, response }: Exchange, item: PodMetrics | NodeMetrics) =>
    sendJson(response, 200, asksTable({ request }) ? usageTable([item], query) : item);
  const pods = async (exchange: Exchange) => answer(exchange, 'PodMetrics', ofPods(listed('pods', exchange)));
  const get = ['GET'];
  return [
    { methods: get, pattern: `${root}/pods`, handle: pods },
    { methods: get, pattern: `${root}/namespaces/:namespace/pods`, handle: pods },
    {
      methods: get,
      pattern: `${root}/namespaces/:namespace/pods/:name`,
      async handle(exchange) {
        const [metrics] = await ofPods([found('pods', exchange)]);
        if (!metrics) throw missing('pods', exchange.params.name ?? '', 'nothing of it runs');
        answerOne(exchange, metrics);
      },
    },
    {
      methods: get,
      pattern: `${root}/nodes`,
      handle: async (exchange) => answer(exchange, 'NodeMetrics', ofNodes(listed('nodes', exchange))),
    },
    {
      methods: get,
      pattern: `${root}/nodes/:name`,
      async handle(exchange) {
        for (const each of await ofNodes([found('nodes', exchange)])) answerOne(exchange, each);
      },
    },
  ];
}

const asksTable = ({ request }: Pick<Exchange, 'request'>): boolean =>
  formIn(request.headers.accept) === 'Table';

const missing = (resource: string, name: string, why?: string): AppError =>
  new AppError(
    'NotFound',
    `${resource}.metrics.k8s.io "${name}" not found${why === undefined ? '' : `: ${why}`}`,
  );

const headOf = ({ metadata }: { metadata: { name: string; labels?: Record<string, string> } }) => ({
  name: metadata.name,
  creationTimestamp: new Date().toISOString().replace(/\.\d+Z$/, 'Z'),
  ...(metadata.labels && { labels: metadata.labels }),
});

function podMetrics(pod: Pod, used: readonly ContainerUsage[]): PodMetrics {
  return {
    kind: 'PodMetrics',
    apiVersion: usageGroupVersion,
    metadata: { ...headOf(pod), namespace: pod.metadata.namespace },
    ...spanOf(used),
    containers: [...used]
      .sort((a, b) => (a.container < b.container ? -1 : 1))
      .map((each) => ({ name: each.container, usage: usageText([each]) })),
  };
}

/** A node uses what the containers of this cluster use: the engine measures nothing else. */
const nodeMetrics = (node: Resources['nodes'], used: readonly ContainerUsage[]): NodeMetrics => ({
  kind: 'NodeMetrics',
  apiVersion: usageGroupVersion,
  metadata: headOf(node),
  ...spanOf(used),
  usage: usageText(used),
});

const spanOf = (used: readonly ContainerUsage[]) => ({
  timestamp: new Date(Math.max(...used.map((each) => each.atMs), used.length > 0 ? 0 : Date.now()))
    .toISOString()
    .replace(/\.\d+Z$/, 'Z'),
  window: `${Math.max(0, ...used.map((each) => each.spanMs)) / 1000}s`,
});

const usageText = (used: readonly ContainerUsage[]): Usage => ({
  cpu: `${Math.round(used.reduce((sum, each) => sum + each.cpuNanos, 0))}n`,
  memory: `${Math.ceil(used.reduce((sum, each) => sum + each.memoryBytes, 0) / 1024)}Ki`,
});
