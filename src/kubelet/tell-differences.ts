import type { Container } from 'kubernetes-types/core/v1.js';
import { parseQuantity } from '../lib/parse-quantity.js';
import { leftOutKeys } from './map/container-env.js';
import { runtimeOf } from './map/pod-details.js';
import type { PodPass } from './pod-pass.js';

/** Says once where a container is given something else than what is written, because this engine has no more. */
export function tellDifferences({ context, state, around }: PodPass, container: Container): void {
  const { pod } = state;
  const { cpus } = around();
  const cpu = container.resources?.limits?.cpu;
  const tell = (reason: string, message: string) => context.recordEvent(pod, 'Warning', reason, message);
  if (cpu !== undefined && (parseQuantity(cpu) ?? 0) > cpus)
    tell(
      'CpuLimitLowered',
      `the cpu limit ${String(cpu)} of container ${container.name} is more than the engine's ${cpus} cpus: it gets all of them`,
    );
  const leftOut = leftOutKeys(container, around());
  if (leftOut.length > 0)
    tell(
      'InvalidEnvironmentVariableNames',
      `keys that can be no variables were left out: ${leftOut.join(', ')}`,
    );
  const { runtimeClassName } = pod.spec;
  if (runtimeClassName !== undefined && runtimeOf(pod, around()) === undefined)
    tell(
      'RuntimeClassNotFound',
      `the engine has no runtime "${runtimeClassName}" (it has ${(around().runtimes ?? []).join(', ')}): its default is used`,
    );
}
