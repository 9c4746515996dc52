import { parseGpuAssignment } from '../../api/gpu-assignment.js';
import { annotation } from '../../api/labels.js';
import type { Pod } from '../../api/types/resources.js';
import type { TreeLine } from './tree-line.js';

/** Where a pod or container answers: the ports published on this machine, else the pod's own address. '' for others. Pure. */
export function addressOf(line: TreeLine): string {
  if (line.kind === 'pod') return podAddress(line.pod);
  if (line.kind !== 'container') return '';
  const own = (line.container.spec.ports ?? []).map((port) => port.containerPort);
  return own
    .map((port) => publishedPorts(line.pod).find((each) => each.port === port)?.local ?? `:${port}`)
    .join(' ');
}

export const podAddress = (pod: Pod): string => publishedPorts(pod)[0]?.local ?? pod.status?.podIP ?? '';

/** Device ids, with commas; '' for lines that have none. */
export function gpusOf(line: TreeLine): string {
  if (line.kind !== 'pod' && line.kind !== 'container') return '';
  const given = parseGpuAssignment(line.pod.metadata.annotations?.[annotation.gpus]);
  const ids = line.kind === 'pod' ? Object.values(given).flat() : (given[line.container.name] ?? []);
  return [...new Set(ids)].join(',');
}

/** Ports of a pod with the address of this machine that leads there. */
export const publishedPorts = (pod: Pod): { port: number; local: string }[] =>
  (pod.metadata.annotations?.[annotation.publishedPorts] ?? '').split(',').flatMap((each) => {
    const [port, local] = each.split('→');
    return port && local ? [{ port: Number(port), local }] : [];
  });
