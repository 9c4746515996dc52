import type { Container } from 'kubernetes-types/core/v1.js';
import type { Pod } from '../../api/types/resources.js';
import type { ContainerSpec } from '../engine.js';

/** The rights of a container: its own securityContext before the pod's. Pure. */
export function securityOf(pod: Pod, container: Container): ContainerSpec['security'] {
  const own = container.securityContext;
  const shared = pod.spec.securityContext;
  if (!own && !shared) return undefined;
  const uid = own?.runAsUser ?? shared?.runAsUser;
  const gid = own?.runAsGroup ?? shared?.runAsGroup;
  const groups = [
    ...(shared?.supplementalGroups ?? []),
    ...(shared?.fsGroup === undefined ? [] : [shared.fsGroup]),
  ].map(String);
  const add = own?.capabilities?.add;
  const profile = appArmorProfile(own) ?? appArmorProfile(shared);
  const appArmor = profile?.type === 'Unconfined' ? 'unconfined' : profile?.localhostProfile;
  return {
    ...(add ? { capabilitiesAdd: add } : {}),
    ...(own?.capabilities?.drop ? { capabilitiesDrop: own.capabilities.drop } : {}),
    ...(own?.privileged ? { privileged: true } : {}),
    ...(own?.readOnlyRootFilesystem ? { readOnlyRootFilesystem: true } : {}),
    ...(own?.allowPrivilegeEscalation === false ? { noNewPrivileges: true } : {}),
    ...(uid !== undefined || gid !== undefined
      ? { user: `${uid ?? 0}${gid === undefined ? '' : `:${gid}`}` }
      : {}),
    ...(groups.length > 0 ? { groupAdd: groups } : {}),
    ...(appArmor === undefined ? {} : { appArmor }),
    ...(own?.procMount === 'Unmasked' ? { unmaskedProc: true } : {}),
    ...((own?.seccompProfile ?? shared?.seccompProfile)?.type === 'Unconfined'
      ? { seccompUnconfined: true }
      : {}),
    ...(add?.some((each) => /^(CAP_)?(IPC_LOCK|ALL)$/.test(each)) ? { memlockUnlimited: true } : {}),
  };
}

/** Newer than the types of Kubernetes that are used here. */
const appArmorProfile = (of: object | undefined): { type: string; localhostProfile?: string } | undefined =>
  (of as { appArmorProfile?: { type: string; localhostProfile?: string } } | undefined)?.appArmorProfile;
