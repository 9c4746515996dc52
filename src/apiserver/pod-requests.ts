import type { PodMarks } from '../api/pod-marks.js';
import type { PodSessions } from '../api/pod-sessions.js';
import type { ContainerUsage } from '../api/types/metrics.js';
import type { Pod } from '../api/types/resources.js';
import { AppError } from '../lib/app-error.js';
import type { ObjectStore } from '../store/object-store.js';
import { countIn, type Exchange, isSet, writePiece } from './exchange.js';

/** What the server asks of the kubelet. */
export interface PodAccess {
  readonly sessions: PodSessions;
  /** By the uids of Pods; one of which nothing runs has no entry. */
  usage(podUids: readonly string[]): Promise<ReadonlyMap<string, readonly ContainerUsage[]>>;
  /** Writes down what a Pod was given, and labels and annotations that it lost (null), for the daemon's next start. */
  keepMarks(podUid: string, marks: PodMarks): void;
  logs(options: {
    namespace: string;
    pod: string;
    container?: string;
    follow?: boolean;
    tail?: number;
    previous?: boolean;
    timestamps?: boolean;
    sinceMs?: number;
    signal?: AbortSignal;
  }): AsyncIterable<{ data: Uint8Array }>;
}

/** The log of one container, as it stands or followed. */
export async function podLog(store: ObjectStore, kubelet: PodAccess, exchange: Exchange): Promise<void> {
  const { query, response, signal } = exchange;
  const pod = find(store, exchange);
  const container = query.get('container') ?? undefined;
  const names = pod.spec.containers.map((each) => each.name);
  if (container === undefined && names.length > 1) {
    throw new AppError(
      'Usage',
      `a container name must be specified for pod ${pod.metadata.name}, choose one of: [${names.join(' ')}]`,
    );
  }
  const tail = countIn(query, 'tailLines');
  const sinceMs = sinceIn(query);
  let leftBytes = countIn(query, 'limitBytes') ?? Number.POSITIVE_INFINITY;
  const pieces = kubelet.logs({
    namespace: pod.metadata.namespace,
    pod: pod.metadata.name,
    ...(container !== undefined && { container }),
    follow: isSet(query, 'follow'),
    previous: isSet(query, 'previous'),
    timestamps: isSet(query, 'timestamps'),
    ...(tail !== undefined && { tail }),
    ...(sinceMs !== undefined && { sinceMs }),
    signal,
  });
  let begun = false;
  const begin = () => {
    if (!begun) response.writeHead(200, { 'content-type': 'text/plain; charset=utf-8' });
    begun = true;
  };
  // An error before the first byte can still be told as one.
  const first = isSet(query, 'follow')
    ? setTimeout(() => {
        begin();
        response.flushHeaders();
      }, 100)
    : undefined;
  try {
    for await (const { data } of pieces) {
      begin();
      await writePiece(exchange, data.subarray(0, leftBytes));
      leftBytes -= data.length;
      if (signal.aborted || leftBytes <= 0) break;
    }
  } finally {
    clearTimeout(first);
  }
  begin();
  response.end();
}

/** From when on, in epoch milliseconds: so many seconds ago, or a time. */
function sinceIn(query: URLSearchParams): number | undefined {
  const seconds = countIn(query, 'sinceSeconds');
  if (seconds !== undefined) return Date.now() - seconds * 1000;
  const time = query.get('sinceTime');
  if (time === null) return undefined;
  const sinceMs = Date.parse(time);
  if (Number.isNaN(sinceMs)) throw new AppError('Usage', `sinceTime: "${time}" is not a time`);
  return sinceMs;
}

function find(store: ObjectStore, { params }: Exchange): Pod {
  const { namespace = '', name = '' } = params;
  const pod = store.get('pods', namespace, name);
  if (!pod) throw new AppError('NotFound', `pods "${name}" not found`);
  return pod;
}
