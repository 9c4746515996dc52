import type { PodCondition } from 'kubernetes-types/core/v1.js';
import type { KindFacts } from '../api/kinds.js';
import type { Pod } from '../api/types/resources.js';
import { AppError } from '../lib/app-error.js';
import { secondsText } from '../lib/time-text.js';
import type { ObjectStore } from '../store/object-store.js';
import { bodyOfChange, metadataOf } from './body-of-change.js';
import { type Exchange, readBody, sendJson } from './exchange.js';
import type { PodAccess } from './pod-requests.js';
import { metaOfChanged } from './write-meta.js';
import { readWriteOptions } from './write-options.js';

/** What the kubelet and the scheduler say themselves. */
const ownTypes = new Set(['PodScheduled', 'Initialized', 'ContainersReady', 'Ready']);

/**
 * GET, PATCH and PUT of pods/status: the way for others to write conditions, e.g. of readiness gates. Those that the kubelet and the scheduler
 * say themselves stay, as does whatever else is in the body. A PATCH may name its own conditions alone. They are kept on disk.
 */
export async function podStatus(
  store: ObjectStore,
  kubelet: Pick<PodAccess, 'keepMarks'>,
  facts: KindFacts,
  exchange: Exchange,
): Promise<void> {
  const { isDryRun } = readWriteOptions(exchange);
  const body = exchange.method === 'GET' ? undefined : await readBody(exchange.request);
  const { namespace = '', name = '' } = exchange.params;
  const pod = store.get('pods', namespace, name);
  if (!pod) throw new AppError('NotFound', `pods "${name}" not found`);
  const wanted = body === undefined ? pod : changed(facts, pod, body, exchange);
  const { uid = '' } = pod.metadata;
  if (wanted !== pod && !isDryRun && wanted.status) {
    const conditions = (wanted.status.conditions ?? []).filter(({ type }) => !ownTypes.has(type));
    kubelet.keepMarks(uid, { labels: {}, annotations: {}, conditions });
    store.updateStatus('pods', { namespace, name, uid }, wanted.status);
  }
  sendJson(exchange.response, 200, isDryRun ? wanted : (store.get('pods', namespace, name) ?? wanted));
}

function conditionsIn(body: unknown): PodCondition[] {
  const { status } = (body ?? {}) as { status?: { conditions?: unknown } };
  const conditions = status?.conditions ?? [];
  const isCondition = (given: unknown) => {
    const each = Object(given) as Record<string, unknown>;
    const { type, status: value } = each;
    const isText = (field: string) => ['string', 'undefined'].includes(typeof (each[field] ?? undefined));
    return (
      typeof type === 'string' &&
      ['True', 'False', 'Unknown'].includes(value as string) &&
      ['reason', 'message', 'lastTransitionTime', 'lastProbeTime'].every(isText)
    );
  };
  if (!Array.isArray(conditions) || !conditions.every(isCondition)) {
    throw new AppError('Usage', 'status.conditions is not a list of conditions with type and status', {
      hint: `kubectl patch pod NAME --subresource=status --type=merge -p '{"status":{"conditions":[{"type":"TYPE","status":"True"}]}}'`,
    });
  }
  // The last word on a type counts.
  const byType = new Map((conditions as PodCondition[]).map((each) => [each.type, each]));
  return [...byType.values()].filter(({ type }) => !ownTypes.has(type));
}

function changed(facts: KindFacts, pod: Pod, sent: unknown, exchange: Exchange): Pod {
  const body = bodyOfChange(facts, pod, sent, exchange);
  metaOfChanged(pod.metadata, metadataOf(body));
  return withConditions(pod, conditionsIn(body));
}

function withConditions(pod: Pod, given: readonly PodCondition[]): Pod {
  const before = pod.status?.conditions ?? [];
  const now = secondsText(Date.now());
  const merged = given.map((each) => {
    const old = before.find(({ type }) => type === each.type);
    const since = old?.status === each.status ? old.lastTransitionTime : undefined;
    return { ...each, lastTransitionTime: each.lastTransitionTime ?? since ?? now };
  });
  const others = before.filter(({ type }) => ownTypes.has(type));
  return { ...pod, status: { ...pod.status, conditions: [...others, ...merged] } };
}
