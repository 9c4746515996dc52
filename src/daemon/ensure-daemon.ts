import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { annotation } from '../api/labels.js';
import { AppError } from '../lib/app-error.js';
import { sleep, systemClock } from '../lib/clock.js';
import type { ErrorCode } from '../lib/error-codes.js';
import { processIsAlive } from '../lib/process-is-alive.js';
import { programVersion } from '../lib/program-version.js';
import { statePath } from '../lib/state-path.js';
import { daemonRequest } from './daemon-request.js';
import type { StartMessage } from './start-message.js';

export interface EnsureDaemonOptions {
  cluster: string;
  /** Absent: what the cluster ran on before, else docker. */
  engine?: 'docker' | 'simulated';
  /** As Docker's own --host. */
  host?: string;
  rules?: 'ordinal' | 'upstream';
  /** Take over the containers of another cluster id under this cluster's name (the state directory was lost). */
  adopt?: boolean;
  /** Told when a running daemon is replaced or joined although it was asked for otherwise. */
  onNotice?: (text: string) => void;
}

export interface EnsuredDaemon {
  cluster: string;
  kubeconfig: string;
  /** False when one was running already. */
  started: boolean;
}

/**
 * Joins the daemon of the cluster, or starts it as a process of its own that outlives this one. An older daemon is replaced; its containers
 * run on meanwhile. Throws what the daemon says of its start: EngineUnreachable, ForeignCluster, StateTooNew …
 */
export async function ensureDaemon(options: EnsureDaemonOptions): Promise<EnsuredDaemon> {
  const directory = statePath(options.cluster);
  const joined: EnsuredDaemon = {
    cluster: options.cluster,
    kubeconfig: join(directory, 'kubeconfig'),
    started: false,
  };
  const running = await daemonRequest<RunningInfo>(directory, 'GET', '/minithena/v1/info');
  if (running) {
    const own = programVersion();
    const order = compareVersions(own, running.version);
    if (order <= 0) {
      if (order < 0)
        options.onNotice?.(`the daemon is of the newer version ${running.version}; this is ${own}`);
      if (options.rules !== undefined && options.rules !== running.rules)
        options.onNotice?.(
          `the daemon follows the ${running.rules} rules: --rules is for one that is being started; \`minithena stop\` ends this one, or set the annotation ${annotation.rules}: ${options.rules} in the file`,
        );
      return joined;
    }
    options.onNotice?.(`replacing the daemon of version ${running.version} by ${own}; its containers run on`);
    await daemonRequest(directory, 'POST', '/minithena/v1/stop');
    await untilGone(running.pid);
  }
  try {
    await startProcess(directory, options);
  } catch (error) {
    // Two that start at once: the loser joins the winner.
    if (!(error instanceof AppError && error.code === 'DaemonRunning')) throw error;
    if (!(await untilAnswering(directory))) throw error;
    return joined;
  }
  return { ...joined, started: true };
}

/** A small young generation: the daemon makes little garbage, and stays for days. */
const lean = ['--max-semi-space-size=2', '--v8-pool-size=1'];

interface RunningInfo {
  version: string;
  pid: number;
  rules: string;
}

function startProcess(directory: string, options: EnsureDaemonOptions): Promise<void> {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const output = openSync(join(directory, 'daemon.out'), 'w', 0o600);
  const args = ['--cluster', options.cluster];
  if (options.engine) args.push('--engine', options.engine);
  if (options.host) args.push('--host', options.host);
  if (options.rules) args.push('--rules', options.rules);
  if (options.adopt) args.push('--adopt');
  const child = spawn(
    process.execPath,
    [...lean, fileURLToPath(new URL('./main.js', import.meta.url)), ...args],
    {
      cwd: directory,
      detached: true,
      stdio: ['ignore', output, output, 'ipc'],
    },
  );
  closeSync(output);
  return new Promise((resolve, reject) => {
    child.on('message', (message: StartMessage) => {
      child.disconnect();
      child.unref();
      if (message.type === 'ready') resolve();
      else
        reject(
          new AppError(message.code as ErrorCode, message.message, {
            ...(message.hint !== undefined && { hint: message.hint }),
            details: message.details,
          }),
        );
    });
    child.on('error', reject);
    child.on('exit', (code, signal) => {
      reject(
        new AppError('Internal', `the daemon ended while starting (${signal ?? `exit code ${code}`})`, {
          hint: `read ${join(directory, 'daemon.out')}`,
        }),
      );
    });
  });
}

async function untilGone(pid: number): Promise<void> {
  for (let waited = 0; waited < 15_000; waited += 50) {
    if (!processIsAlive(pid)) return;
    await pause();
  }
  throw new AppError('TimedOut', `the older daemon (pid ${pid}) did not end`, { hint: `kill ${pid}` });
}

async function untilAnswering(directory: string): Promise<boolean> {
  for (let waited = 0; waited < 30_000; waited += 50) {
    if (await daemonRequest(directory, 'GET', '/minithena/v1/info')) return true;
    await pause();
  }
  return false;
}

// The clock's own timers do not keep a process alive; here nothing else does.
const pause = () => {
  const alive = setInterval(() => {}, 1000);
  return sleep(systemClock, 50).finally(() => clearInterval(alive));
};

/** Negative, 0 or positive; by major, minor, patch. */
function compareVersions(a: string, b: string): number {
  const parts = (version: string) => version.split('-')[0]?.split('.').map(Number) ?? [];
  const [first, second] = [parts(a), parts(b)];
  for (let at = 0; at < 3; at++) {
    const difference = (first[at] ?? 0) - (second[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
