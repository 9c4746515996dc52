import type { Pod } from '../api/types/resources.js';
import type { Clock } from '../lib/clock.js';
import { engineIsAway, nodeName } from '../store/engine-is-away.js';
import type { ObjectStore } from '../store/object-store.js';

/**
 * Binds Pods to the engine. Everything fits but a host port that another Pod has: then the Pod stays Pending, in Kubernetes' words, and is
 * looked at again when a Pod goes. Nothing is bound while the engine is away.
 */
export function startScheduler(options: { store: ObjectStore; clock: Clock }): { close(): void } {
  const { store, clock } = options;
  const schedule = () => {
    if (engineIsAway(store)) return;
    const pods = store.list('pods').items;
    const taken = new Set(pods.filter((pod) => pod.spec.nodeName).flatMap(hostPorts));
    for (const pod of pods) {
      if (pod.spec.nodeName || pod.metadata.deletionTimestamp) continue;
      const wanted = hostPorts(pod);
      const clash = wanted.filter((port) => taken.has(port));
      if (clash.length > 0) {
        setScheduled(pod, {
          status: 'False',
          reason: 'Unschedulable',
          message: `0/1 nodes are available: 1 node(s) didn't have free ports for the requested pod ports. Taken: ${clash.join(', ')}.`,
        });
        continue;
      }
      for (const port of wanted) taken.add(port);
      setScheduled(pod, { status: 'True' });
      const current = store.get('pods', pod.metadata.namespace, pod.metadata.name);
      if (current) store.update('pods', { ...current, spec: { ...current.spec, nodeName } });
    }
  };
  const setScheduled = (
    pod: Pod,
    condition: { status: 'True' | 'False'; reason?: string; message?: string },
  ) => {
    const { namespace, name, uid = '' } = pod.metadata;
    const before = pod.status?.conditions?.find((each) => each.type === 'PodScheduled');
    const lastTransitionTime =
      before?.status === condition.status ? before.lastTransitionTime : new Date(clock.now()).toISOString();
    const conditions = [
      ...(pod.status?.conditions ?? []).filter((each) => each.type !== 'PodScheduled'),
      { type: 'PodScheduled', ...condition, ...(lastTransitionTime && { lastTransitionTime }) },
    ];
    store.updateStatus('pods', { namespace, name, uid }, { phase: 'Pending', ...pod.status, conditions });
  };
  // One look for a burst of new Pods.
  let due = false;
  let open = true;
  const look = () => {
    if (due) return;
    due = true;
    setImmediate(() => {
      due = false;
      if (open) schedule();
    });
  };
  const watch = store.watch('pods', ({ type, object }) => {
    if (type === 'DELETED' || !object.spec.nodeName) look();
  });
  const nodes = store.watch('nodes', look);
  look();
  return {
    close() {
      open = false;
      nodes.close();
      watch.close();
    },
  };
}

function hostPorts(pod: Pod): string[] {
  return [...pod.spec.containers, ...(pod.spec.initContainers ?? [])].flatMap((container) =>
    (container.ports ?? []).flatMap((port) => {
      const number = port.hostPort ?? (pod.spec.hostNetwork ? port.containerPort : undefined);
      return number ? [`${number}/${port.protocol ?? 'TCP'}`] : [];
    }),
  );
}
