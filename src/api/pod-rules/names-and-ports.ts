import type { PodSpec } from 'kubernetes-types/core/v1.js';
import { eachContainer, type PodRule, type Report, setFields } from './pod-rule.js';

const dnsLabel = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;
const portName = /^(?=.*[a-z])[a-z0-9]([-a-z0-9]{0,13}[a-z0-9])?$/;
const lowerCase = 'use lower-case letters, digits and hyphens, at most 63';

/** Names of containers and volumes, which become names of the engine's; and variables that take their value from two places. */
export const names: PodRule = (spec, report) => {
  const seen = new Set<string>();
  eachContainer(spec, (container, path) => {
    if (!dnsLabel.test(container.name))
      report(`the container name "${container.name}" is no DNS label`, [...path, 'name'], lowerCase);
    // Twice in one list is found with the shape.
    if (path[0] === 'containers' && seen.has(container.name))
      report(
        `an init container is named "${container.name}" as well`,
        [...path, 'name'],
        'rename one',
        'DuplicateName',
      );
    if (path[0] === 'initContainers') seen.add(container.name);
    container.env?.forEach((variable, at) => {
      const where = [...path, 'env', at];
      if (!/^[^=\0]+$/.test(variable.name))
        report(
          `"${variable.name}" is no name of a variable`,
          [...where, 'name'],
          'a name is not empty and has no "="',
        );
      const { valueFrom } = variable;
      if (valueFrom && variable.value)
        report(
          `the variable ${variable.name} has a value and a valueFrom`,
          [...where, 'valueFrom'],
          'remove one',
        );
      const sources = ['fieldRef', 'resourceFieldRef', 'configMapKeyRef', 'secretKeyRef'];
      if (valueFrom && setFields(valueFrom, sources).length !== 1)
        report(`valueFrom needs exactly one source`, [...where, 'valueFrom'], `one of ${sources.join(', ')}`);
    });
  });
  spec.volumes?.forEach((volume, at) => {
    if (!dnsLabel.test(volume.name))
      report(`the volume name "${volume.name}" is no DNS label`, ['volumes', at, 'name'], lowerCase);
  });
};

/** Ports that are claimed twice, or that a pod of the host network cannot have. */
export const ports: PodRule = (spec, report) => {
  const hostPorts = new Map<string, string>();
  eachContainer(spec, (container, path) => {
    const named = new Set<string>();
    container.ports?.forEach((port, at) => {
      const where = [...path, 'ports', at];
      if (port.name !== undefined) {
        if (!portName.test(port.name))
          report(
            `"${port.name}" is no port name`,
            [...where, 'name'],
            'at most 15 lower-case letters, digits and hyphens, a letter among them',
          );
        if (named.has(port.name))
          report(
            `the port name "${port.name}" stands twice in container ${container.name}`,
            [...where, 'name'],
            'rename one',
            'DuplicateName',
          );
        named.add(port.name);
      }
      if (!port.hostPort) return;
      const key = `${port.hostIP ?? ''}:${port.hostPort}/${port.protocol ?? 'TCP'}`;
      const before = hostPorts.get(key);
      if (before !== undefined)
        report(
          `host port ${port.hostPort} is claimed by container ${before} already`,
          [...where, 'hostPort'],
          'choose another',
        );
      hostPorts.set(key, container.name);
      if (spec.hostNetwork && port.hostPort !== port.containerPort)
        report(
          `hostPort ${port.hostPort} is not containerPort ${port.containerPort}, and the pod is on the host's network`,
          [...where, 'hostPort'],
          'make them equal, or leave hostPort out',
        );
    });
  });
};

/** What the pod says of its name service. */
export const dns: PodRule = (spec, report) => {
  const { dnsConfig, dnsPolicy, hostAliases } = spec;
  for (const [at, address] of (dnsConfig?.nameservers ?? []).entries())
    checkAddress(address, ['dnsConfig', 'nameservers', at], report);
  if (dnsPolicy === 'None' && !dnsConfig?.nameservers?.length)
    report(
      'dnsPolicy None leaves the pod without a name server',
      ['dnsPolicy'],
      'add dnsConfig.nameservers, or leave dnsPolicy out',
    );
  for (const [at, { ip = '' }] of (hostAliases ?? []).entries())
    checkAddress(ip, ['hostAliases', at, 'ip'], report);
};

function checkAddress(address: string, path: readonly (string | number)[], report: Report): void {
  const isFour = /^\d{1,3}(\.\d{1,3}){3}$/.test(address) && address.split('.').every((each) => +each <= 255);
  if (!isFour && !/^[0-9a-fA-F:]*:[0-9a-fA-F:.]*$/.test(address))
    report(`"${address}" is no IP address`, path, 'write it like 10.0.0.7');
}

/** True for a port that a probe or hook may name: a number, or the name of one of the container's ports. */
export const isPort = (container: PodSpec['containers'][number], port: number | string): boolean =>
  typeof port === 'number'
    ? port >= 1 && port <= 65535
    : (container.ports ?? []).some((each) => each.name === port);
