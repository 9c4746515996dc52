import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { AppError, messageOf } from '../../lib/app-error.js';
import type { EngineConnection } from './connect.js';

/** One tunnel for all requests: a connection of its own for each would cost a quarter of a second. Ends with this process. */
export async function sshTunnel(from: string, address: string): Promise<EngineConnection> {
  const url = new URL(address);
  const folder = mkdtempSync(join(tmpdir(), 'minithena-ssh-'));
  const socketPath = join(folder, 'docker.sock');
  const target = url.username ? `${url.username}@${url.hostname}` : url.hostname;
  const remote = url.pathname.length > 1 ? url.pathname : '/var/run/docker.sock';
  const port = url.port ? ['-p', url.port] : [];
  const options = ['-o', 'ExitOnForwardFailure=yes', '-o', 'ServerAliveInterval=15', '-o', 'BatchMode=yes'];
  const tunnel = execa('ssh', ['-nNT', ...options, ...port, '-L', `${socketPath}:${remote}`, '--', target], {
    cleanup: true,
  });
  let ended: string | undefined;
  tunnel.catch((error: unknown) => {
    ended = messageOf(error);
    rmSync(folder, { recursive: true, force: true });
  });
  for (let waitedMs = 0; waitedMs < 20_000; waitedMs += 100) {
    if (existsSync(socketPath)) return { from, address, isLocal: false, options: { socketPath } };
    if (ended !== undefined) break;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  tunnel.kill();
  throw new AppError('EngineUnreachable', `ssh to ${target} made no tunnel: ${ended ?? 'no answer in 20 s'}`);
}
