import { timeOfEvent } from '../../api/time-of-event.js';
import type { ModelServing } from '../../api/types/model-serving.js';
import type {
  AnyResource,
  KubeEvent,
  Pod,
  ResourceName,
  ScalingOperation,
} from '../../api/types/resources.js';
import type { Change, CliClient } from '../cli-client.js';
import type { CliContext } from '../cli-context.js';
import { onlyNamespace } from '../only-namespace.js';
import { invalidSpecAnnotation, isAvailable, servingSummary } from '../print/serving-summary.js';
import { type ChangeLine, changeLine } from './change-line.js';
import { hopelessPods } from './hopeless.js';
import { pullLines } from './pull-lines.js';

export interface ServingRef {
  readonly namespace: string;
  readonly name: string;
}
export type FollowOutcome =
  | { readonly type: 'available'; readonly servings: readonly ModelServing[] }
  | { readonly type: 'hopeless'; readonly reasons: readonly string[] }
  | { readonly type: 'late'; readonly reasons: readonly string[] }
  | { readonly type: 'interrupted' };

const watched = ['modelservings', 'servinggroups', 'roles', 'pods', 'scalingoperations', 'events'] as const;
const lookMs = 1000;

/** Prints a line per change of these ModelServings until all are Available at their newest spec, or it is hopeless, or too late. */
export async function followServings(
  context: CliContext,
  client: CliClient,
  refs: readonly ServingRef[],
  limitMs: number,
): Promise<FollowOutcome> {
  const wanted = new Set(refs.map(keyOf));
  const where = onlyNamespace(refs);
  const servings = new Map<string, ModelServing>();
  const hopeless = hopelessPods();
  const pulls = pullLines();
  const printed = new Map<string, string>();
  const startedMs = context.now();
  const done = new AbortController();
  const signal = AbortSignal.any([context.signal, done.signal]);
  const synced = new Set<ResourceName>();

  const print = (key: string, line: ChangeLine, previous = printed.get(key)) => {
    const text = `${line.subject} ${line.word}${line.reason ? `: ${line.reason}` : ''}`;
    if (text === previous) return;
    printed.set(key, text);
    const { stderr } = context.output;
    context.output.progress(
      `${timeOf(context.now())} ${stderr.glyph(line.level)} ${text.replaceAll('\n', ' ')}`,
    );
  };
  const take = (resource: ResourceName, type: 'ADDED' | 'MODIFIED' | 'DELETED', object: AnyResource) => {
    if (!belongs(resource, object, wanted)) return;
    const key = `${resource}/${keyOf(object.metadata)}`;
    if (type === 'DELETED') {
      if (resource === 'pods') hopeless.removed(object.metadata.name);
      if (resource === 'modelservings') servings.delete(keyOf(object.metadata));
      if (resource !== 'events' && resource !== 'scalingoperations')
        print(key, { level: 'busy', subject: subjectOf(resource, object), word: 'gone', reason: '' });
      return;
    }
    if (resource === 'modelservings') servings.set(keyOf(object.metadata), object as ModelServing);
    if (resource === 'pods') {
      hopeless.changed(object as Pod, context.now());
      for (const line of pulls.pod(object as Pod, context.now())) print(`image/${line.subject}`, line);
    }
    if (resource === 'events') {
      // Roles tell their phases themselves, and what happened before this `up` is known.
      const event = object as KubeEvent;
      if (Date.parse(timeOfEvent(event)) >= startedMs - lookMs)
        for (const line of pulls.event(event, context.now())) print(`image/${line.subject}`, line);
      if (isNews(event) && Date.parse(timeOfEvent(event)) >= startedMs - lookMs)
        print(`event/${event.message}`, changeLine.event(event));
    } else
      print(
        key,
        lineOf[resource]?.(object) ?? { level: 'busy', subject: object.metadata.name, word: '', reason: '' },
      );
    if (resource === 'scalingoperations') {
      const operation = object as ScalingOperation;
      for (const hold of operation.status.holds.filter(isOfGroup))
        print(`${key}/${hold.subject}/${hold.reason}`, changeLine.hold(operation, hold));
    }
  };

  let lost = 'nothing is known yet';
  const sayLost = () => context.output.progress(`lost contact: ${lost}; trying again`);

  return await new Promise<FollowOutcome>((resolve) => {
    const finish = (outcome: FollowOutcome) => {
      clearInterval(timer);
      done.abort();
      resolve(outcome);
    };
    const look = () => {
      if (done.signal.aborted) return;
      if (synced.size < watched.length) {
        if (limitMs > 0 && context.now() - startedMs >= limitMs) finish({ type: 'late', reasons: [lost] });
        return;
      }
      const mine = refs.map((ref) => servings.get(keyOf(ref)));
      if (mine.every((each) => each && isAvailable(each)))
        return finish({ type: 'available', servings: mine as ModelServing[] });
      const invalid = mine.flatMap((each) => each?.metadata.annotations?.[invalidSpecAnnotation] ?? []);
      const reasons = [...invalid, ...hopeless.reasons(context.now())];
      if (reasons.length > 0) return finish({ type: 'hopeless', reasons });
      if (limitMs > 0 && context.now() - startedMs >= limitMs) {
        const late = refs.flatMap((ref, at) => {
          const each = mine[at];
          if (!each) return [`${ref.name} does not exist`];
          return isAvailable(each)
            ? []
            : [`${ref.name} ${servingSummary(each).word}: ${servingSummary(each).message}`];
        });
        finish({ type: 'late', reasons: [...late, ...hopeless.unscheduled()] });
      }
    };
    const timer = setInterval(look, lookMs);
    context.signal.addEventListener('abort', () => finish({ type: 'interrupted' }), { once: true });
    if (context.signal.aborted) return finish({ type: 'interrupted' });
    for (const resource of watched) {
      const onChange = (change: Change) => {
        if (done.signal.aborted) return;
        if (change.type === 'DISCONNECTED') {
          lost = change.message;
          if (synced.size === watched.length) sayLost();
          synced.delete(resource);
          if (resource === 'modelservings') servings.clear();
          if (resource === 'pods') hopeless.forget();
        } else if (change.type === 'SYNCED') {
          synced.add(resource);
          look();
        } else {
          take(resource, change.type, change.object);
          if (resource === 'modelservings') look();
        }
      };
      void client.watch(resource, where, onChange as never, signal);
    }
  });
}

export const lineOf: { readonly [K in ResourceName]?: (object: AnyResource) => ChangeLine } = {
  modelservings: (object) => changeLine.serving(object as never),
  servinggroups: (object) => changeLine.group(object as never),
  roles: (object) => changeLine.role(object as never),
  pods: (object) => changeLine.pod(object as never),
  scalingoperations: (object) => changeLine.stage(object as never),
};

/** That a pod is not ready yet is what its start looks like; its own line says when it is. */
export const isNews = ({ type, reason, message }: KubeEvent): boolean =>
  type === 'Warning' && !(reason === 'Unhealthy' && /^(Readiness|Startup) probe/.test(message));

/** What an instance waits for, its pods' lines say; that it backs off, nobody else does. */
export const isOfGroup = ({ subject, reason }: { subject: string; reason: string }): boolean =>
  reason === 'BackOff' || (!subject.includes('/') && reason !== 'Terminating');

const keyOf = ({ namespace, name }: ServingRef): string => `${namespace}/${name}`;
const timeOf = (nowMs: number): string => new Date(nowMs).toTimeString().slice(0, 8);

function subjectOf(resource: ResourceName, object: AnyResource): string {
  return lineOf[resource]?.(object).subject ?? object.metadata.name;
}

export function belongs(resource: ResourceName, object: AnyResource, wanted: ReadonlySet<string>): boolean {
  const { labels, name, namespace } = object.metadata;
  if (resource === 'modelservings') return wanted.has(`${namespace}/${name}`);
  if (resource === 'events') {
    const about = (object as KubeEvent).involvedObject;
    return [...wanted].some(
      (each) =>
        `${about.namespace}/${about.name}` === each ||
        `${about.namespace}/${about.name}`.startsWith(`${each}-`),
    );
  }
  const owner =
    (object as { spec?: { modelServing?: string } }).spec?.modelServing ??
    labels?.['modelserving.volcano.sh/name'];
  return owner !== undefined && wanted.has(`${namespace}/${owner}`);
}
