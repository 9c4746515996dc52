import { setTimeout as pause } from 'node:timers/promises';
import { AppError } from '../lib/app-error.js';
import { processIsAlive } from '../lib/process-is-alive.js';

/** Resolves when no process of this id runs any more. Throws TimedOut. */
export async function untilProcessEnds(pid: number, limitMs: number): Promise<void> {
  for (const deadline = Date.now() + limitMs; Date.now() < deadline; await pause(20)) {
    if (!processIsAlive(pid)) return;
  }
  throw new AppError('TimedOut', `the daemon (pid ${pid}) has not ended`, { hint: `kill ${pid}` });
}
