import type { Container, Probe } from 'kubernetes-types/core/v1.js';
import { expect, it } from 'vitest';
import { type ProbeKind, runProbes } from '../../../src/kubelet/probe/run-probes.js';
import { manualClock } from '../../../src/lib/manual-clock.js';
import { settle } from './world.js';

const port = { tcpSocket: { port: 1 } };

/** The probes of a container that starts at 0, looked at each 100 ms: when each was tried, and when what changed, in seconds. */
async function watched(
  container: Partial<Container>,
  options: {
    seconds: number;
    answer?: (kind: ProbeKind, at: number) => boolean | 'unknown';
    tookMs?: (kind: ProbeKind, at: number) => number;
    recall?: { started: boolean; ready: boolean };
    aliveForMs?: number;
    retireAt?: number;
  },
) {
  const clock = manualClock();
  const zero = clock.now();
  const at = () => (clock.now() - zero) / 1000;
  const tries: Record<ProbeKind, number[]> = { startup: [], liveness: [], readiness: [] };
  const told: string[] = [];
  const { startupProbe, livenessProbe } = container;
  const kindOf = (probe: Probe): ProbeKind =>
    probe === startupProbe ? 'startup' : probe === livenessProbe ? 'liveness' : 'readiness';
  const probes = runProbes({
    clock,
    target: {
      containerId: 'c',
      container: { name: 'main', ...container } as Container,
      podIp: '',
      hostPorts: new Map(),
      hostReachesPods: true,
    },
    startedAtMs: zero - (options.aliveForMs ?? 0),
    async prober(_target, probe) {
      const kind = kindOf(probe);
      const began = at();
      tries[kind].push(began);
      const tookMs = options.tookMs?.(kind, began) ?? 0;
      if (tookMs > 0) await new Promise<void>((resolve) => clock.after(tookMs, resolve));
      const answer = options.answer?.(kind, began) ?? true;
      return { result: answer === 'unknown' ? 'unknown' : answer ? 'success' : 'failure', message: 'no' };
    },
    recall: options.recall ?? { started: false, ready: false },
    paused: () => false,
    onChange: () => {
      const condemned = probes.condemned();
      told.push(
        `${Math.floor(at())} ${condemned ? `condemned by ${condemned.kind}` : probes.ready() ? 'ready' : probes.started() ? 'started' : 'not started'}`,
      );
    },
    onFailure: (kind) => told.push(`${Math.floor(at())} ${kind} failed`),
  });
  for (let step = 0; step < options.seconds * 10; step++) {
    await settle();
    if (options.retireAt === at()) probes.retire();
    clock.advance(100);
  }
  await settle();
  probes.stop();
  return { tries, told };
}

it.each<[string, Probe, number, number[]]>([
  ['without numbers each ten seconds', port, 25, [0, 10, 20]],
  ['a period of 0 is the default', { ...port, periodSeconds: 0 }, 15, [0, 10]],
  ['after its delay', { ...port, initialDelaySeconds: 3, periodSeconds: 2 }, 8, [3, 5, 7]],
])('is tried %s', async (_name, readinessProbe, seconds, expected) => {
  expect((await watched({ readinessProbe }, { seconds })).tries.readiness).toEqual(expected);
});

it('keeps its step when a try is slow: the next follows at once, later ones are not shifted', async () => {
  const { tries } = await watched(
    { readinessProbe: { ...port, periodSeconds: 2 } },
    { seconds: 9, tookMs: (_kind, at) => (at === 2 ? 3000 : 500) },
  );
  expect(tries.readiness).toEqual([0, 2, 5, 6, 8]);
});

it('is ready and unready after as many equal results in a row as its thresholds say', async () => {
  const probe = { ...port, periodSeconds: 1, successThreshold: 2, failureThreshold: 3 };
  const bad = new Set([0, 2, 5, 6, 8, 9, 10, 11]);
  const { told } = await watched(
    { readinessProbe: probe },
    { seconds: 14, answer: (_k, at) => !bad.has(at) },
  );
  expect(told.filter((each) => !/failed/.test(each))).toEqual(['4 ready', '10 started', '13 ready']);
});

it('holds the others back until startup succeeded; liveness then ends it after its threshold', async () => {
  const each = { ...port, periodSeconds: 1 };
  const { tries, told } = await watched(
    { startupProbe: { ...each, failureThreshold: 5 }, livenessProbe: each, readinessProbe: { ...each } },
    { seconds: 9, answer: (kind, at) => (kind === 'startup' ? at >= 3 : kind === 'readiness' || at < 5) },
  );
  expect([tries.startup, tries.liveness[0], tries.readiness[0]]).toEqual([[0, 1, 2, 3], 3, 3]);
  expect(told).toContain('7 condemned by liveness');
  expect(tries.liveness).toEqual([3, 4, 5, 6, 7]);
});

it('is ended when startup fails as often as its threshold', async () => {
  const { told } = await watched(
    { startupProbe: { ...port, periodSeconds: 2, failureThreshold: 2 } },
    { seconds: 9, answer: () => false },
  );
  expect(told).toEqual(['0 startup failed', '2 startup failed', '2 condemned by startup']);
});

it('counts nothing where nothing was learnt', async () => {
  const { told } = await watched(
    { livenessProbe: { ...port, periodSeconds: 1, failureThreshold: 2 } },
    { seconds: 6, answer: (_k, at) => (at === 1 || at === 3 ? 'unknown' : at !== 2) },
  );
  expect(told).toEqual(['2 liveness failed']);
});

it('goes on in its step after a restart of the daemon', async () => {
  const { tries } = await watched(
    { readinessProbe: { ...port, periodSeconds: 5 } },
    { seconds: 12, aliveForMs: 12_000, recall: { started: true, ready: true } },
  );
  expect(tries.readiness).toEqual([3, 8]);
});

it('looks at readiness only, and silently, while the pod is being deleted', async () => {
  const each = { ...port, periodSeconds: 1 };
  const { tries, told } = await watched(
    { livenessProbe: each, readinessProbe: { ...each, failureThreshold: 1 } },
    { seconds: 5.5, retireAt: 2.5, answer: (_k, at) => at < 4 },
  );
  expect([tries.liveness, tries.readiness]).toEqual([
    [0, 1, 2],
    [0, 1, 2, 3, 4, 5],
  ]);
  expect(told).toEqual(['0 ready', '4 started']);
});
