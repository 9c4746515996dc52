#!/usr/bin/env node
import { parseArgs } from 'node:util';
import { isAppError, messageOf } from '../lib/app-error.js';
import { startDaemon } from './start-daemon.js';
import type { StartMessage } from './start-message.js';

/** The daemon as a process: tells its parent once whether it started, then runs until SIGTERM, SIGINT or the API's stop. */
const { values } = parseArgs({
  options: {
    cluster: { type: 'string', default: 'default' },
    engine: { type: 'string' },
    host: { type: 'string' },
    rules: { type: 'string' },
    adopt: { type: 'boolean', default: false },
  },
});

const tell = (message: StartMessage) => {
  if (process.send) process.send(message);
  else if (message.type === 'failed') console.error(`error ${message.code}: ${message.message}`);
};

let closing = false;
const end = () => {
  if (closing) return;
  closing = true;
  // A part that does not end keeps nobody waiting: what runs is found again by the next start.
  setTimeout(() => process.exit(0), 10_000).unref();
  void daemon?.close().finally(() => process.exit(0));
};
let daemon: Awaited<ReturnType<typeof startDaemon>> | undefined;
process.on('SIGTERM', end);
process.on('SIGINT', end);
// The terminal that started it may go; it stays.
process.on('SIGHUP', () => {});

// The parts' timers keep no process alive, and the simulated engine has no connection that does.
const alive = setInterval(() => {}, 2 ** 30);
try {
  daemon = await startDaemon(
    {
      cluster: values.cluster,
      ...(values.engine !== undefined && { engine: values.engine === 'simulated' ? 'simulated' : 'docker' }),
      ...(values.host !== undefined && { host: values.host }),
      ...(values.rules !== undefined && { rules: values.rules === 'upstream' ? 'upstream' : 'ordinal' }),
      adopt: values.adopt,
    },
    () => setImmediate(end),
  );
  tell({ type: 'ready' });
} catch (error) {
  const known = isAppError(error) ? error : undefined;
  tell({
    type: 'failed',
    code: known?.code ?? 'Internal',
    message: messageOf(error),
    ...(known?.hint !== undefined && { hint: known.hint }),
    details: { ...known?.details },
  });
  clearInterval(alive);
  process.exitCode = 1;
  process.disconnect?.();
}
