import type { Container, EnvVar } from 'kubernetes-types/core/v1.js';
import type { Pod } from '../../api/types/resources.js';
import { parseQuantity } from '../../lib/parse-quantity.js';
import { ConfigError } from './config-error.js';
import { expandVariables } from './expand-variables.js';
import type { PodSurroundings } from './pod-surroundings.js';

/**
 * The environment of one container in the order written; a later variable of the same name wins, and a value may refer only to those
 * before it. Throws ConfigError for references that nothing here can answer, unless they are optional. Pure.
 */
export function containerEnv(
  pod: Pod,
  container: Container,
  around: PodSurroundings,
): { name: string; value: string }[] {
  const values = new Map<string, string>();
  for (const source of container.envFrom ?? []) {
    const wanted = source.configMapRef ?? source.secretRef;
    if (wanted && !wanted.optional) {
      throw new ConfigError(
        `${source.configMapRef ? 'configmap' : 'secret'} "${wanted.name ?? ''}" not found`,
      );
    }
  }
  for (const variable of container.env ?? []) {
    const value = envValue(pod, container, variable, values, around);
    if (value !== undefined) values.set(variable.name, value);
  }
  return [...values].map(([name, value]) => ({ name, value }));
}

function envValue(
  pod: Pod,
  container: Container,
  variable: EnvVar,
  before: ReadonlyMap<string, string>,
  around: PodSurroundings,
): string | undefined {
  const from = variable.valueFrom;
  if (!from) return expandVariables(variable.value ?? '', before);
  if (from.fieldRef) return fieldValue(pod, from.fieldRef.fieldPath, around);
  if (from.resourceFieldRef) {
    const { containerName, resource, divisor } = from.resourceFieldRef;
    const of = containerName
      ? [...pod.spec.containers, ...(pod.spec.initContainers ?? [])].find((c) => c.name === containerName)
      : container;
    if (!of) throw new ConfigError(`env ${variable.name}: no container ${containerName ?? ''}`);
    return resourceValue(of, resource, divisor, around);
  }
  const key = from.configMapKeyRef ?? from.secretKeyRef;
  if (key?.optional) return undefined;
  throw new ConfigError(`${from.configMapKeyRef ? 'configmap' : 'secret'} "${key?.name ?? ''}" not found`);
}

function fieldValue(pod: Pod, path: string, around: PodSurroundings): string {
  const subscript = /^metadata\.(labels|annotations)\['(.+)'\]$/.exec(path);
  if (subscript) return pod.metadata[subscript[1] as 'labels' | 'annotations']?.[subscript[2] ?? ''] ?? '';
  switch (path) {
    case 'metadata.name':
      return pod.metadata.name;
    case 'metadata.namespace':
      return pod.metadata.namespace;
    case 'metadata.uid':
      return pod.metadata.uid ?? '';
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
      throw new ConfigError(`unsupported fieldPath ${path}`);
  }
}

/** An absent limit is what the machine has, as in Kubernetes; the result is rounded up to whole divisors. */
function resourceValue(
  of: Container,
  resource: string,
  divisor: string | undefined,
  around: PodSurroundings,
): string {
  const [kind = '', ...rest] = resource.split('.');
  const name = rest.join('.');
  const listed =
    kind === 'limits'
      ? of.resources?.limits?.[name]
      : kind === 'requests'
        ? of.resources?.requests?.[name]
        : undefined;
  if (kind !== 'limits' && kind !== 'requests') throw new ConfigError(`unsupported resource ${resource}`);
  const machine = name === 'cpu' ? around.cpus : name === 'memory' ? around.memoryBytes : 0;
  const amount = listed === undefined ? (kind === 'limits' ? machine : 0) : (parseQuantity(listed) ?? 0);
  const unit = divisor === undefined || divisor === '0' ? 1 : (parseQuantity(divisor) ?? 1);
  // 0.3 / 0.1 is 2.9999…: without rounding first, the ceiling would be right by luck only.
  return String(Math.ceil(Number((amount / unit).toFixed(6))));
}
