import { formatGpuAssignment } from '../api/gpu-assignment.js';
import { annotation } from '../api/labels.js';
import { schedulingWord } from '../api/scheduling-word.js';
import type { Pod } from '../api/types/resources.js';
import type { Clock } from '../lib/clock.js';
import { noTally, tallied } from '../lib/tally.js';
import { secondsText } from '../lib/time-text.js';
import type { QueueFigures } from '../lib/work-queue.js';
import { nodeName } from '../store/engine-is-away.js';
import type { ObjectStore } from '../store/object-store.js';
import { eventRecorder } from '../store/record-event.js';
import { decide } from './decide.js';
import type { Decision } from './facts.js';
import { lowerCpu } from './lower-cpu.js';
import { memoryWarnings } from './memory-warnings.js';
import { capacityOf, gangsOf, isOver, isReady, podFacts, readyNode } from './read-facts.js';

/**
 * Binds Pods to the one Node as far as its cpu, memory, GPUs, extended resources and host ports go; those that do not fit stay Pending, in
 * Kubernetes' words, and are looked at again when a Pod goes or the Node changes. Nothing is bound while the engine is away.
 */
export function startScheduler(options: { store: ObjectStore; clock: Clock }): {
  figures(): QueueFigures;
  close(): void;
} {
  const { store, clock } = options;
  const record = eventRecorder(store, clock, 'minithena-scheduler');

  /** Pods without a node, so that nothing is walked while there are none. */
  const unbound = new Set<string>();

  const schedule = () => {
    if (unbound.size === 0) return;
    const known = readyNode(store);
    if (!known) return;
    const all = store.list('pods').items;
    const byKey = new Map(all.map((pod) => [keyOf(pod), pod]));
    const capacity = capacityOf(known.node);
    const pods = all.map((pod) => lowerCpu(podFacts(pod), capacity));
    const { placements, waits } = decide({ pods, capacity, gangs: gangsOf(store, pods) });
    for (const placement of placements) {
      const pod = byKey.get(placement.pod.key);
      if (pod) place(pod, placement);
    }
    for (const { pod, message } of waits) {
      const found = byKey.get(pod.key);
      if (found) wait(found, message, true);
    }
    if (capacity.gpuSlots > 1 && placements.length > 0) warnOfMemory();
  };

  const told = new Set<string>();
  const warnOfMemory = () => {
    for (const { pod, message } of memoryWarnings(store.list('pods').items.filter((each) => !isOver(each)))) {
      if (!told.has(message)) record(about(pod), 'Warning', 'GPUMemoryOvercommitted', message);
      told.add(message);
    }
  };

  const place = (pod: Pod, { gpus, start, message }: Decision['placements'][number]) => {
    const assigned = formatGpuAssignment(gpus);
    const { annotations } = pod.metadata;
    if (start) {
      setScheduled(pod, { status: 'True' });
    } else wait(pod, message, false);
    if (!start && annotations?.[annotation.gpus] === assigned) return;
    const current = store.get('pods', pod.metadata.namespace, pod.metadata.name);
    if (!current) return;
    const metadata =
      assigned === ''
        ? current.metadata
        : { ...current.metadata, annotations: { ...annotations, [annotation.gpus]: assigned } };
    store.update('pods', {
      ...current,
      metadata,
      spec: start ? { ...current.spec, nodeName } : current.spec,
    });
  };

  const wait = (pod: Pod, message: string, isNews: boolean) => {
    const before = pod.status?.conditions?.find((each) => each.type === 'PodScheduled');
    if (before?.status === 'False' && before.message === message) return;
    setScheduled(pod, { status: 'False', reason: 'Unschedulable', message });
    if (isNews && schedulingWord(message) !== undefined)
      record(about(pod), 'Warning', 'FailedScheduling', message);
  };

  const setScheduled = (
    pod: Pod,
    condition: { status: 'True' | 'False'; reason?: string; message?: string },
  ) => {
    const { namespace, name, uid = '' } = pod.metadata;
    const before = pod.status?.conditions?.find((each) => each.type === 'PodScheduled');
    const lastTransitionTime =
      before?.status === condition.status ? before.lastTransitionTime : secondsText(clock.now());
    const conditions = [
      ...(pod.status?.conditions ?? []).filter((each) => each.type !== 'PodScheduled'),
      { type: 'PodScheduled', ...condition, ...(lastTransitionTime && { lastTransitionTime }) },
    ];
    store.updateStatus('pods', { namespace, name, uid }, { phase: 'Pending', ...pod.status, conditions });
  };

  /** A Pod that was found running was scheduled in an earlier life of this program. */
  const tellBound = (pod: Pod) => {
    if (!pod.spec.nodeName || isTold(pod)) return;
    const current = store.get('pods', pod.metadata.namespace, pod.metadata.name);
    if (current && !isTold(current)) setScheduled(current, { status: 'True' });
  };

  // One look for a burst of changes.
  let due = false;
  let open = true;
  let passes = noTally;
  const pass = () => {
    const beganMs = performance.now();
    let hasFailed = true;
    try {
      schedule();
      hasFailed = false;
    } finally {
      passes = tallied(passes, beganMs, hasFailed);
    }
  };
  const look = () => {
    if (due) return;
    due = true;
    setImmediate(() => {
      due = false;
      if (open) pass();
    });
  };
  const take = (pod: Pod) => {
    tellBound(pod);
    if (!pod.spec.nodeName) unbound.add(keyOf(pod));
    else unbound.delete(keyOf(pod));
  };
  // Most changes say nothing that matters here, and each look walks all Pods.
  const changed = changeFilter();
  const watches = [
    store.watch('pods', ({ type, object }) => {
      const key = keyOf(object);
      if (type === 'DELETED') unbound.delete(key);
      else take(object);
      if (changed(`pod ${key}`, type, podMark(object)) || !object.spec.nodeName) look();
    }),
    store.watch('nodes', look),
    store.watch('modelservings', ({ type, object }) => {
      const { namespace, name, generation } = object.metadata;
      if (changed(`serving ${namespace}/${name}`, type, String(generation))) look();
    }),
    store.watch('servinggroups', ({ type, object }) => {
      const { namespace, name } = object.metadata;
      if (changed(`group ${namespace}/${name}`, type, JSON.stringify(object.spec.counts))) look();
    }),
  ];
  for (const pod of store.list('pods').items) take(pod);
  look();
  return {
    figures: () => ({ passes, due: due ? 1 : 0, running: 0, delayed: 0 }),
    close() {
      open = false;
      for (const each of watches) each.close();
    },
  };
}

const isTold = (pod: Pod): boolean =>
  pod.status?.conditions?.some((each) => each.type === 'PodScheduled') === true;

/** Of a Pod that runs, only its end matters to others, and its readiness to those who share its device. */
const podMark = (pod: Pod): string =>
  `${isOver(pod)} ${pod.metadata.annotations?.[annotation.gpus] !== undefined && isReady(pod)}`;

/** Tells whether the mark of a thing is another than at the last change of it. */
function changeFilter(): (key: string, type: string, mark: string) => boolean {
  const marks = new Map<string, string>();
  return (key, type, mark) => {
    const isNew = type === 'DELETED' || marks.get(key) !== mark;
    if (type === 'DELETED') marks.delete(key);
    else marks.set(key, mark);
    return isNew;
  };
}

const keyOf = (pod: Pod): string => `${pod.metadata.namespace}/${pod.metadata.name}`;
const about = ({ apiVersion, kind, metadata: { namespace, name, uid } }: Pod) => ({
  apiVersion,
  kind,
  namespace,
  name,
  ...(uid !== undefined && { uid }),
});
