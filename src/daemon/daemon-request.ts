import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import { join } from 'node:path';
import type { State } from './open-state.js';

/**
 * One call to the daemon of a state directory, for those who start, join or replace it. Undefined when nobody answers there;
 * everything else in the program talks through src/client.
 */
export function daemonRequest<T>(
  directory: string,
  method: 'GET' | 'POST',
  path: string,
): Promise<T | undefined> {
  let state: State;
  try {
    state = JSON.parse(readFileSync(join(directory, 'state.json'), 'utf8')) as State;
  } catch {
    return Promise.resolve(undefined);
  }
  if (!state.port || !state.tls) return Promise.resolve(undefined);
  const { port, token, tls } = state;
  return new Promise((resolve) => {
    const call = request(
      {
        host: '127.0.0.1',
        port,
        path,
        method,
        ca: tls.cert,
        headers: { authorization: `Bearer ${token}` },
        agent: false,
        timeout: 10_000,
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString('utf8');
          // 401 means that the port belongs to another daemon by now.
          if ((response.statusCode ?? 500) >= 300) return resolve(undefined);
          resolve((text === '' ? {} : JSON.parse(text)) as T);
        });
        response.on('error', () => resolve(undefined));
      },
    );
    call.on('timeout', () => call.destroy());
    call.on('error', () => resolve(undefined));
    call.end();
  });
}
