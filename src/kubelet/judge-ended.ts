import type { Container } from 'kubernetes-types/core/v1.js';
import type { ContainerDetails } from './engine.js';
import { keepLastWords } from './keep-last-words.js';
import type { PodPass } from './pod-pass.js';
import { attemptOf } from './pod-state.js';
import { restartDelayMs, stableRunMs } from './restart-delay.js';

export type ContainerKind = 'init' | 'sidecar' | 'app';

/** What follows when a container has ended: nothing more, the back-off's end, or its next run now. Keeps its last words. */
export async function judgeEnded(
  pass: PodPass,
  container: Container,
  ended: ContainerDetails,
  kind: ContainerKind,
): Promise<'succeeded' | 'failed' | 'waiting' | 'restart'> {
  const { context, state } = pass;
  const { name } = container;
  const { metadata, spec } = state.pod;
  const policy = kind === 'sidecar' ? 'Always' : (spec.restartPolicy ?? 'Always');
  const effective = kind === 'init' && policy === 'Always' ? 'OnFailure' : policy;
  const bad = ended.exitCode !== 0;
  state.probes.get(ended.containerId)?.stop();
  if (effective === 'Never' || (effective === 'OnFailure' && !bad)) {
    await hearOut(pass, container, ended);
    state.waiting.delete(name);
    return bad ? 'failed' : 'succeeded';
  }
  await hearOut(pass, container, ended);
  const delayMs = restartDelayMs(state.crashes.get(name)?.count ?? 1);
  const startAtMs = (ended.finishedAtMs ?? context.clock.now()) + delayMs;
  if (context.clock.now() >= startAtMs) return 'restart';
  const pod = `${metadata.name}_${metadata.namespace}(${state.uid})`;
  const message = `back-off ${delayMs / 1000}s restarting failed container=${name} pod=${pod}`;
  if (state.waiting.get(name)?.message !== message) {
    const said = `Back-off restarting failed container ${name} in pod ${pod}`;
    context.recordEvent(state.pod, 'Warning', 'BackOff', said);
  }
  state.waiting.set(name, { reason: 'CrashLoopBackOff', message });
  pass.again(startAtMs);
  return 'waiting';
}

/** Counts the end of a run and keeps its last words, once per run. */
export async function hearOut(pass: PodPass, container: Container, ended: ContainerDetails): Promise<void> {
  const { state } = pass;
  const { name } = container;
  if (state.crashes.get(name)?.containerId === ended.containerId) return;
  const ranMs = (ended.finishedAtMs ?? 0) - (ended.startedAtMs ?? 0);
  const series = state.crashes.get(name)?.count ?? attemptOf(ended);
  await keepLastWords(pass, container, ended);
  state.crashes.set(name, {
    containerId: ended.containerId,
    count: ranMs >= stableRunMs ? 1 : series + 1,
  });
}
