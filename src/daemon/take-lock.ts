import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../lib/app-error.js';
import { processIsAlive, processStat } from '../lib/process-is-alive.js';

interface Holder {
  pid: number;
  /** When the process started, in the kernel's ticks; tells a reused pid from the holder. '' where the system does not say. */
  startTicks: string;
}

/**
 * Makes this process the one daemon of a state directory, or throws DaemonRunning. A lock left behind by a killed daemon is taken over.
 * The link makes it atomic: of two that start at once, one gets it.
 */
export function takeLock(directory: string): { release(): void } {
  const lock = join(directory, 'lock');
  const own = join(directory, `lock.${process.pid}`);
  const text = JSON.stringify({ pid: process.pid, startTicks: startTicksOf(process.pid) });
  writeFileSync(own, text, { mode: 0o600 });
  try {
    for (let attempt = 0; attempt < 5; attempt++) {
      try {
        linkSync(own, lock);
        return {
          release: () => {
            if (readOrEmpty(lock) === text) rmSync(lock, { force: true });
          },
        };
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
      const found = readOrEmpty(lock);
      const holder = parse(found);
      if (holder && isAlive(holder)) {
        throw new AppError('DaemonRunning', `a daemon (pid ${holder.pid}) holds ${directory}`, {
          hint: 'use it, or end it with `minithena stop`',
        });
      }
      setAside(lock, found);
    }
    throw new AppError('DaemonRunning', `another daemon is starting in ${directory}`, { hint: 'try again' });
  } finally {
    rmSync(own, { force: true });
  }
}

/** Removes a stale lock, and puts back what another process took in between. */
function setAside(lock: string, stale: string): void {
  const aside = `${lock}.stale.${process.pid}`;
  try {
    renameSync(lock, aside);
  } catch {
    return;
  }
  if (readOrEmpty(aside) !== stale) {
    try {
      linkSync(aside, lock);
    } catch {
      // A third process holds the lock by now: the next attempt sees it.
    }
  }
  rmSync(aside, { force: true });
}

function readOrEmpty(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

function parse(text: string): Holder | undefined {
  try {
    return JSON.parse(text) as Holder;
  } catch {
    return undefined;
  }
}

function isAlive({ pid, startTicks }: Holder): boolean {
  if (!processIsAlive(pid)) return false;
  const now = startTicksOf(pid);
  return now === '' || startTicks === '' || now === startTicks;
}

/** When a process started, in the kernel's ticks since a boot that its id names; '' where the system does not say. */
function startTicksOf(pid: number): string {
  const stat = processStat(pid);
  if (!stat) return '';
  return `${readOrEmpty('/proc/sys/kernel/random/boot_id').trim()}/${stat[19] ?? ''}`;
}
