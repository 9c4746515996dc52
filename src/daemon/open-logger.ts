import { existsSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import type { Logger } from '../lib/logger.js';

const keptBytes = 5 * 1024 * 1024;

/** JSON lines in `<directory>/daemon.log`; a file above 5 MiB is set aside at start. `MINITHENA_LOG` sets the level. */
export function openLogger(directory: string): Logger {
  const file = join(directory, 'daemon.log');
  if (existsSync(file) && statSync(file).size > keptBytes) renameSync(file, `${file}.1`);
  return pino(
    { level: process.env.MINITHENA_LOG ?? 'info', base: null, timestamp: pino.stdTimeFunctions.isoTime },
    pino.destination({ dest: file, sync: true, append: true, mode: 0o600 }),
  );
}
