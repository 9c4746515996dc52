import { revisionHash, roleTemplateHash } from '../api/revision-hash.js';
import type { ModelServing } from '../api/types/model-serving.js';
import { desiredFrom } from '../core/desired-from.js';
import { groupStatus } from '../core/group-status.js';
import { instanceTemplate } from '../core/instance-template.js';
import { countsOf } from '../core/templates.js';
import type { Counts, Desired, GroupObserved, InstanceObserved, Observed } from '../core/types.js';

/**
 * What a ModelServing asks of a controller that is not ours. Its revisions are whatever that controller calls them: an instance is of the
 * newest template when it has the update revision of the status. Pure.
 */
export function desiredElsewhere(serving: ModelServing): Desired {
  const desired = desiredFrom(serving, 'upstream');
  const revision = serving.status?.updateRevision || desired.revision;
  return {
    ...desired,
    revision,
    roleHashes: Object.fromEntries(desired.roles.map(({ name }) => [name, revision])),
  };
}

/** The same of an edit that is not made yet: a role whose template it changes is of a revision that nothing has. Pure. */
export function editedElsewhere(candidate: ModelServing, stored: ModelServing | undefined): Desired {
  const desired = desiredElsewhere(candidate);
  const hashOf = (name: string) =>
    stored?.spec.template.roles.filter((role) => role.name === name).map(roleTemplateHash)[0];
  const changed = desired.roles.filter((role) => hashOf(role.name) !== roleTemplateHash(role));
  if (changed.length === 0) return desired;
  const revision = revisionHash(desired.roles);
  const hashes = Object.fromEntries(changed.map(({ name }) => [name, revision]));
  return { ...desired, revision, roleHashes: { ...desired.roleHashes, ...hashes } };
}

/**
 * What is there, from the Pods alone: nobody tells us what that controller has decided. What all its Pods leave is being deleted; counts are
 * those of the Pods, and stay while one is missing that is still wanted. `found` is the snapshot without a record, `before` what was made of
 * the one before. Pure.
 */
export function observeElsewhere(
  desired: Desired,
  found: Observed,
  before: Observed | undefined,
  nowMs: number,
): Observed {
  const groups = found.groups.map((group): GroupObserved => {
    const instances = group.instances.map(
      (each): InstanceObserved => ({
        ...each,
        templateHash: each.revision,
        ...(isLeaving(each) && { deleting: { reason: '', atMs: nowMs } }),
      }),
    );
    const old = before?.groups.find(({ ordinal }) => ordinal === group.ordinal);
    const deleting = instances.length > 0 && instances.every(isLeaving);
    const record: GroupObserved['record'] = {
      counts: countsNow(desired, group.record.counts, old?.record.counts),
      revision:
        instances.find((each) => each.revision !== desired.revision && !each.deleting)?.revision ??
        desired.revision,
      status: old?.record.status ?? 'Creating',
      ...(deleting && { deleting: { reason: '', atMs: nowMs } }),
    };
    const next = { ...group, instances, record };
    const status = groupStatus(next, (each) => instanceTemplate(desired, found, record, each));
    return { ...next, record: { ...record, status } };
  });
  return { ...found, revisions: {}, groups };
}

const isLeaving = ({ pods }: InstanceObserved): boolean =>
  pods.length > 0 && pods.every((pod) => pod.deleting);

function countsNow({ roles }: Desired, found: Counts, before: Counts = {}): Counts {
  const wanted = countsOf(roles);
  const names = new Set([...Object.keys(wanted), ...Object.keys(found)]);
  return Object.fromEntries(
    [...names].map((role) => {
      const now = found[role] ?? 0;
      return [role, Math.max(now, Math.min(before[role] ?? 0, wanted[role] ?? 0))];
    }),
  );
}
