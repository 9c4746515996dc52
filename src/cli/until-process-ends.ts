import { setTimeout as pause } from 'node:timers/promises';
import { AppError } from '../lib/app-error.js';

/** Resolves when no process of this id runs any more. Throws TimedOut. */
export async function untilProcessEnds(pid: number, limitMs: number): Promise<void> {
  for (const deadline = Date.now() + limitMs; Date.now() < deadline; await pause(20)) {
    try {
      process.kill(pid, 0);
    } catch (error) {
      // EPERM: it runs, as another user.
      if ((error as NodeJS.ErrnoException).code !== 'EPERM') return;
    }
  }
  throw new AppError('TimedOut', `the daemon (pid ${pid}) has not ended`, { hint: `kill ${pid}` });
}
