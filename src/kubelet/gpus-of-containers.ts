import { formatGpuAssignment } from '../api/gpu-assignment.js';
import { annotation, ownerLabel } from '../api/labels.js';
import { attemptOf, containerOf } from './pod-state.js';

/** The annotation of a Pod that is put together again: the GPUs of the newest run of each of its containers, by their labels. Pure. */
export function gpusOfContainers(
  containers: readonly { labels: Record<string, string> }[],
): Record<string, string> {
  const oldestFirst = [...containers].sort((a, b) => attemptOf(a) - attemptOf(b));
  const gpus = Object.fromEntries(
    oldestFirst.map((each) => [
      containerOf(each),
      (each.labels[ownerLabel.gpus] ?? '').split(',').filter(Boolean),
    ]),
  );
  const text = formatGpuAssignment(gpus);
  return text === '' ? {} : { [annotation.gpus]: text };
}
