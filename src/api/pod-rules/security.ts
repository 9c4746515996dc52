import { eachContainer, type PodRule } from './pod-rule.js';

/** Rights that are given and taken at once. */
export const security: PodRule = (spec, report) => {
  if (spec.shareProcessNamespace && spec.hostPID)
    report('shareProcessNamespace and hostPID exclude each other', ['shareProcessNamespace'], 'remove one');
  eachContainer(spec, (container, path) => {
    const own = container.securityContext;
    const at = [...path, 'securityContext'];
    const gained = own?.privileged
      ? 'privileged: true'
      : own?.capabilities?.add?.find((each) => /^(CAP_)?SYS_ADMIN$/.test(each));
    if (own?.allowPrivilegeEscalation === false && gained !== undefined)
      report(
        `allowPrivilegeEscalation: false contradicts ${gained}`,
        [...at, 'allowPrivilegeEscalation'],
        'remove one',
      );
    const user = own?.runAsUser ?? spec.securityContext?.runAsUser;
    if ((own?.runAsNonRoot ?? spec.securityContext?.runAsNonRoot) && user === 0)
      report(
        `container ${container.name} must not run as root (runAsNonRoot), and runAsUser is 0`,
        own?.runAsUser === 0 ? [...at, 'runAsUser'] : ['securityContext', 'runAsUser'],
        'choose another user',
      );
  });
};
