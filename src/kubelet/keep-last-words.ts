import { constants } from 'node:os';
import type { Container } from 'kubernetes-types/core/v1.js';
import { isAppError, messageOf } from '../lib/app-error.js';
import type { ContainerDetails } from './engine.js';
import type { PodPass } from './pod-pass.js';
import { attemptOf } from './pod-state.js';
import { terminatedState } from './pod-status.js';
import { terminationMessage } from './termination-message.js';

/** The signal that an exit code above 128 stands for, e.g. SIGKILL for 137. */
const signalOf = (exitCode: number): string | undefined =>
  Object.entries(constants.signals).find(([, number]) => number === exitCode - 128)?.[0];

const longestLogBytes = 256 * 1024;

/**
 * Keeps what an ended run leaves behind before the next takes its place: how it ended, its log for `logs --previous`, and, of a failed one, both
 * together beyond the life of its Pod. Throws EngineUnreachable.
 */
export async function keepLastWords(
  { context, state }: Pick<PodPass, 'context' | 'state'>,
  container: Container,
  ended: ContainerDetails,
): Promise<void> {
  const { name } = container;
  const log = await lastLog(context, ended);
  const message = await terminationMessage(context.engine, container, ended, log);
  const last = terminatedState(ended, state.oomKilled.has(ended.containerId));
  state.lastState.set(name, message === undefined ? last : { ...last, message });
  state.record.lastState = Object.fromEntries(state.lastState);
  if (log.length > 0) context.records.saveLog(state.uid, name, log);
  if (ended.exitCode === 0) return;
  const signal = signalOf(ended.exitCode);
  context.failures.add(state.pod, {
    pod: state.pod.metadata.name,
    container: name,
    containerId: ended.containerId,
    image: ended.image,
    attempt: attemptOf(ended),
    exitCode: ended.exitCode,
    ...(signal !== undefined && { signal }),
    reason: last.reason ?? 'Error',
    ...((message ?? last.message) && { message: message ?? last.message ?? '' }),
    ...(last.startedAt && { startedAt: last.startedAt }),
    ...(last.finishedAt && { finishedAt: last.finishedAt }),
    log: log.toString('utf8'),
    // As written: expanded they may show what a variable holds.
    inspect: {
      ...(container.command && { command: container.command }),
      ...(container.args && { args: container.args }),
      ...ended.inspect,
    },
  });
}

async function lastLog(context: PodPass['context'], ended: ContainerDetails): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  try {
    for await (const chunk of context.engine.logs(ended.containerId, { tail: 1000 })) chunks.push(chunk.data);
  } catch (error) {
    if (isAppError(error, 'EngineUnreachable')) throw error;
    const fields = { container: ended.name, error: messageOf(error) };
    context.logger.warn(fields, 'the log of a finished container could not be kept');
  }
  return Buffer.concat(chunks).subarray(-longestLogBytes);
}
