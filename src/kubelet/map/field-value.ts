import type { Container, ObjectFieldSelector, ResourceFieldSelector } from 'kubernetes-types/core/v1.js';
import type { Pod } from '../../api/types/resources.js';
import { parseQuantity } from '../../lib/parse-quantity.js';
import { ConfigError } from './config-error.js';
import type { PodSurroundings } from './pod-surroundings.js';

/** A field of the pod as text, for a variable or a file. Throws ConfigError for a field that there is not. Pure. */
export function fieldValue(pod: Pod, { fieldPath }: ObjectFieldSelector, around: PodSurroundings): string {
  const subscript = /^metadata\.(labels|annotations)\['(.+)'\]$/.exec(fieldPath);
  if (subscript) return pod.metadata[subscript[1] as 'labels' | 'annotations']?.[subscript[2] ?? ''] ?? '';
  switch (fieldPath) {
    case 'metadata.name':
      return pod.metadata.name;
    case 'metadata.namespace':
      return pod.metadata.namespace;
    case 'metadata.uid':
      return pod.metadata.uid ?? '';
    case 'metadata.labels':
      return lines(pod.metadata.labels);
    case 'metadata.annotations':
      return lines(pod.metadata.annotations);
    case 'spec.nodeName':
      return pod.spec.nodeName ?? '';
    case 'spec.serviceAccountName':
      return pod.spec.serviceAccountName ?? 'default';
    case 'status.podIP':
    case 'status.podIPs':
      return around.podIp;
    case 'status.hostIP':
    case 'status.hostIPs':
      return around.hostIp;
    default:
      throw new ConfigError(`unsupported fieldPath ${fieldPath}`);
  }
}

const lines = (pairs: Record<string, string> = {}): string =>
  Object.entries(pairs)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${key}=${JSON.stringify(value)}`)
    .join('\n');

/** An absent limit is what the machine has, as in Kubernetes; the result is rounded up to whole divisors. Pure. */
export function resourceValue(
  pod: Pod,
  self: Container | undefined,
  { containerName, resource, divisor }: ResourceFieldSelector,
  around: PodSurroundings,
): string {
  const of = containerName
    ? [...pod.spec.containers, ...(pod.spec.initContainers ?? [])].find((c) => c.name === containerName)
    : self;
  if (!of) throw new ConfigError(`resourceFieldRef: no container ${containerName ?? ''}`);
  const [kind = '', ...rest] = resource.split('.');
  if (kind !== 'limits' && kind !== 'requests') throw new ConfigError(`unsupported resource ${resource}`);
  const name = rest.join('.');
  // What has a limit and no request asks for its limit.
  const listed = of.resources?.[kind]?.[name] ?? of.resources?.limits?.[name];
  const machine = name === 'cpu' ? around.cpus : name === 'memory' ? around.memoryBytes : 0;
  const amount = listed === undefined ? (kind === 'limits' ? machine : 0) : (parseQuantity(listed) ?? 0);
  const unit = divisor === undefined || divisor === '0' ? 1 : (parseQuantity(divisor) ?? 1);
  // 0.3 / 0.1 is 2.9999…: without rounding first, the ceiling would be right by luck only.
  return String(Math.ceil(Number((amount / unit).toFixed(6))));
}
