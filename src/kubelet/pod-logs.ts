import type { Pod } from '../api/types/resources.js';
import { AppError } from '../lib/app-error.js';
import type { Engine, LogChunk } from './engine.js';
import type { Failures } from './failures.js';
import { findContainer } from './find-container.js';
import type { PodRecords } from './pod-record.js';
import type { PodRegistry } from './pod-registry.js';

export interface PodLogOptions {
  namespace: string;
  pod: string;
  container?: string;
  follow?: boolean;
  tail?: number;
  previous?: boolean;
  timestamps?: boolean;
  sinceMs?: number;
  signal?: AbortSignal;
}

/** What a container of a Pod wrote. Throws NotFound for a Pod or container that is unknown or has not run yet. */
export async function* podLogs(
  from: { engine: Engine; registry: PodRegistry; records: PodRecords; failures: Failures },
  wanted: PodLogOptions,
): AsyncGenerator<LogChunk> {
  const { state, name, latest } = findContainer(from.registry, wanted);
  if (wanted.previous) {
    const kept = from.records.readLog(state.uid, name) ?? logOfEarlierPod(from.failures, state.pod, name);
    if (!kept) {
      const message = `previous terminated container "${name}" in pod "${wanted.pod}" not found`;
      throw new AppError('NotFound', message);
    }
    yield { stream: 'stdout', data: lastLines(kept, wanted.tail) };
    return;
  }
  if (!latest)
    throw new AppError('NotFound', `container "${name}" in pod "${wanted.pod}" is waiting to start`);
  const { follow, tail, sinceMs, timestamps, signal } = wanted;
  yield* from.engine.logs(latest.containerId, {
    ...(follow === undefined ? {} : { follow }),
    ...(tail === undefined ? {} : { tail }),
    ...(sinceMs === undefined ? {} : { sinceMs }),
    ...(timestamps === undefined ? {} : { timestamps }),
    ...(signal === undefined ? {} : { signal }),
  });
}

/** A Pod that was made anew has no earlier run of its own; the one before it, of the same name, may have left its last words. */
function logOfEarlierPod(failures: Failures, pod: Pod, container: string): Uint8Array | undefined {
  const log = failures
    .of(pod)
    .find((each) => each.pod === pod.metadata.name && each.container === container)?.log;
  return log === undefined ? undefined : Buffer.from(log);
}

function lastLines(text: Uint8Array, tail: number | undefined): Buffer {
  if (tail === undefined) return Buffer.from(text);
  const lines = Buffer.from(text)
    .toString('utf8')
    .split(/(?<=\n)/);
  return Buffer.from(tail === 0 ? '' : lines.slice(-tail).join(''));
}
