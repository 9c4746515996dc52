import type { Capacity, PodFacts } from './facts.js';

/**
 * A Pod whose cpu limits are above all that the node has runs with all of it (the kubelet lowers the limit and says so), so what its limits stand
 * for is lowered too. What is written as a request is meant. Pure.
 */
export function lowerCpu(pod: PodFacts, { amounts }: Capacity): PodFacts {
  const [asked, all] = [pod.request.cpu ?? 0, amounts?.cpu];
  if (all === undefined || asked <= all || pod.writtenCpu > all) return pod;
  return { ...pod, request: { ...pod.request, cpu: all } };
}
