import type { Container } from 'kubernetes-types/core/v1.js';
import { parseGpuAssignment } from '../api/gpu-assignment.js';
import { annotation } from '../api/labels.js';
import type { Pod } from '../api/types/resources.js';

/** vLLM's own default of --gpu-memory-utilization. */
const defaultShare = 0.9;
const mostTogether = 0.95;

/** One warning per device on which vLLM engines claim more memory than it has, told of the last of their Pods. Pure. */
export function memoryWarnings(pods: readonly Pod[]): { pod: Pod; message: string }[] {
  const claims = new Map<string, { pod: Pod; share: number }[]>();
  for (const pod of pods) {
    const gpus = parseGpuAssignment(pod.metadata.annotations?.[annotation.gpus]);
    for (const container of pod.spec.containers) {
      const share = memoryShare(container);
      if (share === undefined) continue;
      for (const id of gpus[container.name] ?? [])
        claims.set(id, [...(claims.get(id) ?? []), { pod, share }]);
    }
  }
  const warnings = new Map<string, { pod: Pod; message: string }>();
  for (const [id, each] of claims) {
    const sum = each.reduce((total, { share }) => total + share, 0);
    const last = each.at(-1);
    if (each.length < 2 || sum <= mostTogether || !last) continue;
    const names = each.map(({ pod, share }) => `${pod.metadata.name} ${share}`).join(', ');
    const message = `on GPU ${id} the --gpu-memory-utilization of ${each.length} pods adds up to ${Number(sum.toFixed(2))} (${names}): set them so that they stay below ${mostTogether} together`;
    warnings.set(id, { pod: last.pod, message });
  }
  return [...warnings.values()];
}

/** Undefined for what does not look like vLLM. */
export function memoryShare({ image = '', command = [], args = [] }: Container): number | undefined {
  const line = [...command, ...args].join(' ');
  const said = /--gpu[-_]memory[-_]utilization[=\s]+([\d.]+)/.exec(line)?.[1];
  if (said !== undefined) return Number(said);
  return /\bvllm\b/.test(`${image} ${line}`) ? defaultShare : undefined;
}
