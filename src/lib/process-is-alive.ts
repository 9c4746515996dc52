import { readFileSync } from 'node:fs';

/** Whether a process runs. One that has ended and that nobody has collected (a zombie) does not. */
export function processIsAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  return !/^[ZX]/.test(processStat(pid)?.[0] ?? '');
}

/** The fields of /proc/PID/stat from the state on; undefined where the system has no such file. A command's name may hold spaces. */
export function processStat(pid: number): string[] | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return undefined;
  }
}
