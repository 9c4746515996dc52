import type { Probe } from 'kubernetes-types/core/v1.js';
import type { Clock } from '../../lib/clock.js';
import { countResult, newCounter } from './probe-counter.js';
import type { Prober, ProbeTarget } from './prober.js';

export type ProbeKind = 'startup' | 'liveness' | 'readiness';

export interface RunningProbes {
  started(): boolean;
  ready(): boolean;
  /** Set once when liveness or startup has failed for good: the container is to be killed and restarted. */
  condemned(): { kind: ProbeKind; message: string } | undefined;
  /** The Pod is being deleted: only readiness is still looked at, as in Kubernetes, and nothing is said any more. */
  retire(): void;
  stop(): void;
}

/** By so much a periodic probe may come late. */
const togetherMs = 50;

/**
 * The probes of one run of one container: startup alone until it succeeds, then liveness and readiness. While `paused()` nothing is
 * tried and nothing counted. `recall` carries the verdicts of an earlier life of this program over.
 */
export function runProbes(options: {
  clock: Clock;
  target: ProbeTarget;
  startedAtMs: number;
  prober: Prober;
  recall: { started: boolean; ready: boolean };
  paused(): boolean;
  onChange(): void;
  onFailure(kind: ProbeKind, message: string): void;
}): RunningProbes {
  const { clock, target, startedAtMs, prober, recall, paused, onChange, onFailure } = options;
  const { startupProbe, livenessProbe, readinessProbe } = target.container;
  let started = !startupProbe || recall.started;
  let ready = started && (!readinessProbe || recall.ready);
  let condemned: { kind: ProbeKind; message: string } | undefined;
  let stopped = false;
  let retired = false;
  const cancels = new Set<() => void>();

  const schedule = (delayMs: number, run: () => void) => {
    const cancel = clock.after(Math.max(0, delayMs), () => {
      cancels.delete(cancel);
      if (!stopped) run();
    });
    cancels.add(cancel);
  };

  const begin = (kind: ProbeKind, probe: Probe, initial: boolean) => {
    let counter = newCounter(initial);
    const periodMs = (probe.periodSeconds || 10) * 1000;
    let dueMs = firstAtMs(probe, periodMs);
    const turn = async () => {
      if (retired && kind !== 'readiness') return;
      if (!paused()) {
        const { result, message } = await prober(target, probe);
        if (stopped || condemned || (retired && kind !== 'readiness')) return;
        if (result !== 'unknown' && !paused()) {
          const before = counter.verdict;
          counter = countResult(counter, result === 'success', probe);
          if (result === 'failure' && !retired) onFailure(kind, message);
          if (settle(kind, before, message) === 'end') return;
        }
      }
      // Ticks as Kubernetes': a slow try lets the next follow at once, and shifts no later one.
      dueMs += Math.max(1, Math.floor((clock.now() - dueMs) / periodMs)) * periodMs;
      // Those of many pods together: waking up for each costs as much as the probe.
      const wakeAtMs = Math.ceil(dueMs / togetherMs) * togetherMs;
      schedule(wakeAtMs - clock.now(), () => void turn());
    };
    const settle = (of: ProbeKind, before: boolean, message: string): 'end' | 'on' => {
      if (of === 'startup' && counter.verdict) {
        started = true;
        ready = !readinessProbe;
        onChange();
        beginOthers();
        return 'end';
      }
      const limit = probe.failureThreshold || 3;
      if (of !== 'readiness' && counter.last === false && counter.inARow >= limit) {
        condemned = { kind: of, message };
        onChange();
        return 'end';
      }
      if (of === 'readiness' && counter.verdict !== before) {
        ready = counter.verdict;
        onChange();
      }
      return 'on';
    };
    schedule(dueMs - clock.now(), () => void turn());
  };
  /** After a restart of this program they go on in their step: all at once, for all pods, would be a burst that never spreads. */
  const firstAtMs = (probe: Probe, periodMs: number) => {
    const delayedMs = startedAtMs + (probe.initialDelaySeconds ?? 0) * 1000;
    const lateMs = clock.now() - delayedMs;
    if (lateMs <= 0) return delayedMs;
    return recall.ready ? delayedMs + Math.ceil(lateMs / periodMs) * periodMs : clock.now();
  };
  const beginOthers = () => {
    if (livenessProbe) begin('liveness', livenessProbe, true);
    if (readinessProbe) begin('readiness', readinessProbe, ready);
  };

  if (started) beginOthers();
  else if (startupProbe) begin('startup', startupProbe, false);
  return {
    started: () => started,
    ready: () => ready,
    condemned: () => condemned,
    retire() {
      retired = true;
    },
    stop() {
      stopped = true;
      for (const cancel of cancels) cancel();
    },
  };
}
