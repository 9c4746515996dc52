import { label } from '../api/labels.js';
import { groupName, instanceName } from '../api/names.js';
import type { ModelServing } from '../api/types/model-serving.js';
import type { Pod, Service } from '../api/types/resources.js';
import type { GroupObserved, InstanceObserved, Observed, PodObserved } from '../core/types.js';
import type { ObjectStore } from '../store/object-store.js';
import type { Mark, ModelServingRecord } from '../store/records.js';
import { type Baseline, observePod } from './observe-pod.js';

export interface Snapshot {
  observed: Observed;
  /** By pod uid, for the record. */
  baselines: Record<string, Baseline>;
}

interface Found {
  role: string;
  roleId: string;
  revision: string;
  templateHash: string;
  pods: PodObserved[];
  services: number;
}

/**
 * What is there, from the store and the record. What was marked Deleting is dropped when its last pod and service are gone. `lost` holds the
 * pods that this process saw disappear without its doing, by instance name.
 */
export function snapshot(of: {
  store: ObjectStore;
  modelServing: ModelServing;
  record: ModelServingRecord | undefined;
  lost: ReadonlyMap<string, ReadonlySet<number>>;
  nowMs: number;
}): Snapshot {
  const { store, modelServing, record, lost, nowMs } = of;
  const { namespace, name, uid } = modelServing.metadata;
  const filter = { namespace, labelSelector: `${label.modelServing}=${name}` };
  const groups = new Map<number, Map<string, Found>>();
  const baselines: Record<string, Baseline> = {};
  const find = (object: Pod | Service): Found => {
    const labels = object.metadata.labels ?? {};
    const ordinal = Number((labels[label.group] ?? '').slice(name.length + 1));
    const instances = groups.get(ordinal) ?? new Map<string, Found>();
    groups.set(ordinal, instances);
    const roleId = labels[label.roleId] ?? '';
    const found = instances.get(roleId) ?? {
      role: labels[label.role] ?? '',
      roleId,
      revision: '',
      templateHash: '',
      pods: [],
      services: 0,
    };
    instances.set(roleId, found);
    return found;
  };
  for (const pod of podsOf(store, modelServing)) {
    const found = find(pod);
    const labels = pod.metadata.labels ?? {};
    found.revision = labels[label.revision] ?? '';
    found.templateHash = labels[label.roleTemplateHash] ?? '';
    const podUid = pod.metadata.uid ?? '';
    const index = Number(pod.metadata.name.slice(pod.metadata.name.lastIndexOf('-') + 1));
    const seen = observePod(pod, index, record?.baselines[podUid], nowMs);
    found.pods.push(seen.pod);
    baselines[podUid] = seen.baseline;
  }
  for (const service of store.list('services', filter).items) {
    if (isOwnedBy(service, uid)) find(service).services++;
  }

  const ordinals = new Set([...groups.keys(), ...(record?.groups.map((group) => group.ordinal) ?? [])]);
  const observed = [...ordinals]
    .sort((a, b) => a - b)
    .flatMap((ordinal): GroupObserved[] => {
      const recorded = record?.groups.find((group) => group.ordinal === ordinal);
      const found = groups.get(ordinal);
      if (recorded?.deleting && !found) return [];
      const group = groupName(name, ordinal);
      return [
        groupFrom(ordinal, recorded, [...(found?.values() ?? [])], (id) => lost.get(instanceName(group, id))),
      ];
    });
  return {
    baselines,
    observed: {
      groups: observed,
      revisions: Object.fromEntries(
        store
          .list('controllerrevisions', filter)
          .items.map((each) => [each.metadata.labels?.[label.revision] ?? '', each.data.roles]),
      ),
      currentRevision: record?.currentRevision ?? '',
      backOff: record?.backOff ?? {},
    },
  };
}

/** Its own pods; those of a namesake that is still going are not. */
export function podsOf(store: ObjectStore, { metadata: { namespace, name, uid } }: ModelServing): Pod[] {
  const labelSelector = `${label.modelServing}=${name}`;
  return store.list('pods', { namespace, labelSelector }).items.filter((pod) => isOwnedBy(pod, uid));
}

const isOwnedBy = ({ metadata }: Pod | Service, uid: string | undefined): boolean =>
  metadata.ownerReferences?.some((owner) => owner.uid === uid) === true;

type GroupOfRecord = ModelServingRecord['groups'][number];

function groupFrom(
  ordinal: number,
  recorded: GroupOfRecord | undefined,
  found: readonly Found[],
  lostOf: (roleId: string) => ReadonlySet<number> | undefined,
): GroupObserved {
  const instances = found.map((each): InstanceObserved => {
    const mark: Mark | undefined = recorded?.deleting ?? recorded?.deletingInstances[each.roleId];
    return {
      role: each.role,
      ordinal: Number(each.roleId.slice(each.role.length + 1)),
      roleId: each.roleId,
      revision: each.revision,
      templateHash: each.templateHash,
      ...(mark && { deleting: mark }),
      pods: each.pods.sort((a, b) => a.index - b.index),
      services: each.services,
      lost: mark ? [] : [...(lostOf(each.roleId) ?? [])],
    };
  });
  return { ordinal, instances, record: recorded ? recordFrom(recorded) : recordOfContainers(instances) };
}

const recordFrom = ({ counts, revision, status, deleting }: GroupOfRecord): GroupObserved['record'] => ({
  counts,
  revision,
  status,
  ...(deleting && { deleting }),
});

/** The record is lost: the counts are what runs. */
function recordOfContainers(instances: readonly InstanceObserved[]): GroupObserved['record'] {
  const counts: Record<string, number> = {};
  for (const { role, ordinal } of instances) counts[role] = Math.max(counts[role] ?? 0, ordinal + 1);
  return { counts, revision: instances[0]?.revision ?? '', status: 'Creating' };
}
