import { expect, it } from 'vitest';
import type { Engine } from '../../../src/kubelet/engine.js';
import { networkProber } from '../../../src/kubelet/probe/network-prober.js';
import type { ProbeTarget } from '../../../src/kubelet/probe/prober.js';
import { AppError } from '../../../src/lib/app-error.js';

const target = { containerId: 'a', container: { name: 'main' } } as unknown as ProbeTarget;
const gone = new AppError('EngineUnreachable', 'the engine does not answer: connect ENOENT');

it.each<
  [what: string, exitCode: number, ping: (() => Promise<void>) | undefined, result: string, pings: number]
>([
  ['a success needs no second look', 0, async () => Promise.reject(gone), 'success', 0],
  ['a failure counts while the engine takes connections', 1, async () => {}, 'failure', 1],
  [
    'one of a container that goes down with its engine does not',
    137,
    async () => Promise.reject(gone),
    'unknown',
    1,
  ],
  ['an engine that cannot be asked is believed', 1, undefined, 'failure', 0],
])('%s', async (_what, exitCode, ping, result, pings) => {
  let asked = 0;
  const engine = {
    exec: async () => ({ exitCode, output: '' }),
    ...(ping && {
      ping: async () => {
        asked += 1;
        await ping();
      },
    }),
  } as unknown as Engine;
  const outcome = await networkProber(engine)(target, { exec: { command: ['/bin/true'] } });
  expect([outcome.result, asked]).toEqual([result, pings]);
});
