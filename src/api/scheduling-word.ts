/**
 * Why the scheduler leaves a Pod Pending, in one word, from the message of its PodScheduled condition (whose reason is Kubernetes'
 * "Unschedulable" in every case). Undefined when the Pod is about to start by itself. Pure.
 */
export function schedulingWord(message: string): string | undefined {
  if (/^GPU .* is shared/.test(message)) return undefined;
  if (
    !canNeverFit(message) &&
    /\b(pods of|waits for|complete) gang\b|\bgang \S+ is not complete/.test(message)
  )
    return 'GangWaiting';
  if (/Insufficient nvidia\.com\/gpu/.test(message)) return 'InsufficientGPU';
  if (/Insufficient cpu\b/.test(message)) return 'InsufficientCPU';
  if (/Insufficient memory\b/.test(message)) return 'InsufficientMemory';
  if (/Insufficient /.test(message)) return 'InsufficientResource';
  if (/free ports/.test(message)) return 'HostPortTaken';
  return 'Unschedulable';
}

/** No passing of time helps: more is asked for than there is in all. */
export const canNeverFit = (message: string): boolean => /\bcan never fit\b/.test(message);
