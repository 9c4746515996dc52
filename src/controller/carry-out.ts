import { generatePod } from '../api/generate-pod.js';
import { generateService } from '../api/generate-service.js';
import type { InstanceIdentity } from '../api/instance-meta.js';
import { label } from '../api/labels.js';
import { groupName, podName, roleId } from '../api/names.js';
import { roleTemplateHash } from '../api/revision-hash.js';
import type { RoleSpec } from '../api/types/model-serving.js';
import { rolesOf } from '../core/templates.js';
import type { Action, Desired, InstanceObserved, Observed } from '../core/types.js';
import { isAppError } from '../lib/app-error.js';
import type { ObjectStore } from '../store/object-store.js';

/**
 * Brings the store to what the plan decided: Pods and Services of what is created, deletion marks on what goes. Every step may be repeated.
 * `observed` is the state with the actions applied.
 */
export function carryOut(
  store: ObjectStore,
  desired: Desired,
  observed: Observed,
  actions: readonly Action[],
): void {
  for (const action of actions) {
    if (action.type === 'CreateGroup') {
      for (const [role, count] of Object.entries(action.counts)) {
        for (let at = 0; at < count; at++) createInstance(store, desired, observed, action, role, at);
      }
    } else if (action.type === 'CreateInstance') {
      createInstance(store, desired, observed, action, action.role, action.ordinal);
    } else if (action.type === 'CreatePod') {
      const group = observed.groups.find((each) => each.ordinal === action.group);
      const id = roleId(action.role, action.ordinal);
      const instance = group?.instances.find((each) => each.roleId === id);
      const revision = instance ? madeFrom(desired, instance) : (group?.record.revision ?? desired.revision);
      const of = identify(desired, observed, { group: action.group, revision }, action.role, action.ordinal);
      if (of) create(() => store.create('pods', generatePod({ ...of, podIndex: action.podIndex })));
    } else if (action.type === 'DeletePod') {
      const id = roleId(action.role, action.ordinal);
      const name = podName(groupName(desired.name, action.group), id, action.podIndex);
      store.markDeleted('pods', { namespace: desired.namespace, name, uid: action.uid });
    }
  }
  markDeletedPods(store, desired, observed);
  addMissingServices(store, desired, observed);
}

function createInstance(
  store: ObjectStore,
  desired: Desired,
  observed: Observed,
  at: { group: number; revision: string },
  role: string,
  ordinal: number,
): void {
  const of = identify(desired, observed, at, role, ordinal);
  if (!of) return;
  if (of.role.workerTemplate) create(() => store.create('services', generateService(of)));
  for (let podIndex = 0; podIndex <= of.role.workerReplicas; podIndex++) {
    create(() => store.create('pods', generatePod({ ...of, podIndex })));
  }
}

/** The revision whose template an instance has: an older one's label stays when nothing of its role changed. */
const madeFrom = (desired: Desired, { role, revision, templateHash }: InstanceObserved): string =>
  templateHash === desired.roleHashes[role] ? desired.revision : revision;

/** Undefined when no template of the revision is stored: then nothing can be made of it. */
function identify(
  desired: Desired,
  observed: Observed,
  at: { group: number; revision: string },
  roleName: string,
  roleOrdinal: number,
): InstanceIdentity | undefined {
  const role: RoleSpec | undefined = rolesOf(desired, observed, at.revision)?.find(
    (each) => each.name === roleName,
  );
  if (!role) return undefined;
  return {
    modelServing: { name: desired.name, namespace: desired.namespace, uid: desired.uid },
    group: at.group,
    role,
    roleOrdinal,
    revision: at.revision,
    roleTemplateHash: roleTemplateHash(role),
  };
}

/** A namesake that is still going is waited out: the next pass finds the pod missing and makes it. */
function create(run: () => void): void {
  try {
    run();
  } catch (error) {
    if (!isAppError(error, 'AlreadyExists')) throw error;
  }
}

/** From the last worker to the entry; also what a restart found marked in the record and not yet in the store. */
function markDeletedPods(store: ObjectStore, desired: Desired, observed: Observed): void {
  for (const group of observed.groups) {
    for (const instance of group.instances) {
      if (!instance.deleting) continue;
      for (const pod of [...instance.pods].reverse()) {
        store.markDeleted('pods', { namespace: desired.namespace, name: pod.name, uid: pod.uid });
      }
      if (instance.pods.length > 0) continue;
      for (const name of servicesOf(store, desired, group.ordinal, instance.roleId)) {
        store.remove('services', { namespace: desired.namespace, name });
      }
    }
  }
}

function servicesOf(store: ObjectStore, desired: Desired, group: number, id: string): string[] {
  const labelSelector = [
    `${label.modelServing}=${desired.name}`,
    `${label.group}=${groupName(desired.name, group)}`,
    `${label.roleId}=${id}`,
  ].join(',');
  return store
    .list('services', { namespace: desired.namespace, labelSelector })
    .items.map((service) => service.metadata.name);
}

/** Services are not kept on disk: after a restart those of the adopted instances are made again. */
function addMissingServices(store: ObjectStore, desired: Desired, observed: Observed): void {
  for (const group of observed.groups) {
    for (const instance of group.instances) {
      if (instance.deleting || instance.services > 0) continue;
      const at = { group: group.ordinal, revision: madeFrom(desired, instance) };
      const of = identify(desired, observed, at, instance.role, instance.ordinal);
      const name = podName(groupName(desired.name, group.ordinal), instance.roleId, 0);
      if (!of?.role.workerTemplate || store.get('services', desired.namespace, name)) continue;
      create(() => store.create('services', generateService(of)));
    }
  }
}
