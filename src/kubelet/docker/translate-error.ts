import { AppError, isAppError, messageOf } from '../../lib/app-error.js';

interface EngineReply extends Error {
  statusCode?: number;
  json?: { message?: string; cause?: string };
  code?: string;
}

const goneCodes = new Set([
  'ECONNREFUSED',
  'ENOENT',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EHOSTUNREACH',
]);

/** What Node.js says of an answer that ended in its middle tells nobody anything. */
export const reasonOf = (error: unknown): string =>
  messageOf(error) === 'aborted' ? 'the connection broke off' : messageOf(error);

/** The one place that knows the engine's status codes and words. Any error thrown by the client library becomes an AppError. */
export function translateError(error: unknown): AppError {
  if (isAppError(error)) return error;
  const { statusCode, json, code } = error as EngineReply;
  // The client library puts its own words in front of what it could not parse.
  const message =
    json?.message ??
    reasonOf(error)
      .replace(/^\(HTTP code \d+\) .*? - /, '')
      .trim();
  const cause = { cause: error };
  if (statusCode === undefined) {
    if (code === 'EACCES' || code === 'EPERM') {
      const hint = 'add yourself to its group: sudo usermod -aG docker "$USER", then log in again';
      return new AppError('EnginePermission', `the engine's socket refuses this user: ${message}`, {
        hint,
        ...cause,
      });
    }
    if ((code && goneCodes.has(code)) || /socket hang up/.test(message)) {
      const hint = 'start it again: what runs is picked up where it is';
      return new AppError('EngineUnreachable', `the engine does not answer: ${message}`, { hint, ...cause });
    }
    return new AppError('EngineRefused', message, cause);
  }
  if (statusCode === 404) return new AppError('EngineNotFound', message, cause);
  // Podman answers a name that is taken with 500.
  if (statusCode === 409 || /name .* (is )?already (in use|exists)/i.test(message)) {
    return new AppError('EngineConflict', message, cause);
  }
  if (/could not select device driver|nvidia-container-cli|unknown runtime.*nvidia/i.test(message)) {
    const hint =
      'install the NVIDIA Container Toolkit and run: sudo nvidia-ctk runtime configure --runtime=docker';
    return new AppError('EngineRefused', `the engine cannot give GPUs to containers: ${message}`, {
      hint,
      ...cause,
    });
  }
  if (/no space left on device/i.test(message)) {
    const hint = 'make room: docker system df shows what takes it';
    return new AppError('EngineRefused', `the engine's disk is full: ${message}`, { hint, ...cause });
  }
  return new AppError('EngineRefused', message, cause);
}

/** Runs a call and translates what it throws. */
export async function translated<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw translateError(error);
  }
}

/** Passes a stream of the engine on and translates what cuts it off. */
export async function* translatedChunks<T>(stream: AsyncIterable<T>): AsyncGenerator<T> {
  try {
    yield* stream;
  } catch (error) {
    throw translateError(error);
  }
}

/** As `translated`, where "it is so already" (304) and, if asked for, "there is none" (404) are as good as success. */
export async function settled(call: () => Promise<unknown>, absentIsFine: boolean): Promise<void> {
  try {
    await call();
  } catch (error) {
    const { statusCode } = error as EngineReply;
    if (statusCode === 304 || (absentIsFine && statusCode === 404)) return;
    // A removal that is under way already.
    if (absentIsFine && statusCode === 409 && /is already in progress/.test(messageOf(error))) return;
    throw translateError(error);
  }
}

/** Runs a call for something that need not be there. */
export async function orUndefined<T>(call: () => Promise<T>): Promise<T | undefined> {
  try {
    return await call();
  } catch (error) {
    const ours = translateError(error);
    if (ours.code === 'EngineNotFound') return undefined;
    throw ours;
  }
}
