import type { Container } from 'kubernetes-types/core/v1.js';
import { isAppError, messageOf } from '../lib/app-error.js';
import { isStarted } from './after-start.js';
import { createContainer } from './create-container.js';
import { imageReady } from './image-ready.js';
import { type ContainerKind, judgeEnded } from './judge-ended.js';
import { ConfigError } from './map/config-error.js';
import { containerSpec } from './map/container-spec.js';
import { mustNotBeRoot } from './must-not-be-root.js';
import type { PodPass } from './pod-pass.js';
import { attemptOf, containerOf, isRunning, latestOf } from './pod-state.js';
import { portTries, startContainer } from './start-container.js';
import { tellDifferences } from './tell-differences.js';
import { killCondemned, watchOver } from './watch-over.js';

export type Outcome = 'running' | 'waiting' | 'succeeded' | 'failed';

/** Brings one container of the Pod as far as it can go now, probes included. Level-based; throws EngineUnreachable. */
export async function runContainer(
  pass: PodPass,
  container: Container,
  kind: ContainerKind,
  sandboxId: string | undefined,
): Promise<Outcome> {
  const { state } = pass;
  const outcome = await step(pass, container, kind, sandboxId);
  const latest = latestOf(state, container.name);
  if (outcome !== 'running' || !latest || !isRunning(latest)) return outcome;
  if (!isStarted(pass, container, latest)) return 'waiting';
  watchOver(pass, container, latest);
  return outcome;
}

async function step(
  pass: PodPass,
  container: Container,
  kind: ContainerKind,
  sandboxId: string | undefined,
): Promise<Outcome> {
  const { state } = pass;
  const { name } = container;
  const make = (attempt: number) => createAndStart(pass, container, attempt, kind, sandboxId);
  let latest = latestOf(state, name);
  if (!latest) {
    const highest = state.attempts.get(name);
    return make(highest === undefined ? 0 : highest + 1);
  }
  const highest = Math.max(attemptOf(latest), state.attempts.get(name) ?? 0);
  state.attempts.set(name, highest);
  if (isRunning(latest)) {
    if (!isStarted(pass, container, latest)) return 'running';
    state.waiting.delete(name);
    watchOver(pass, container, latest);
    if (!(await killCondemned(pass, container, latest))) return 'running';
  } else if (latest.state === 'created' || state.startInPlace.has(latest.containerId)) {
    // The engine may have gone away when the one before was to go.
    await removeOlder(pass, name, latest.containerId);
    const started = await startAsItIs(pass, latest.containerId, name);
    if (started === 'portTaken') return make(highest);
    if (started === 'waiting') return 'waiting';
  }
  latest = latestOf(state, name);
  if (!latest) return 'waiting';
  if (isRunning(latest)) return 'running';
  const { initSinceMs = 0 } = state.record;
  if (kind === 'init' && latest.exitCode === 0 && (latest.finishedAtMs ?? initSinceMs) < initSinceMs)
    return make(highest + 1);
  const verdict = await judgeEnded(pass, container, latest, kind);
  return verdict === 'restart' ? make(highest + 1) : verdict;
}

async function startAsItIs(pass: PodPass, containerId: string, name: string) {
  const { context, state } = pass;
  const afterEngineRestart = state.startInPlace.has(containerId);
  if (afterEngineRestart) {
    state.probes.get(containerId)?.stop();
    state.probes.delete(containerId);
    // The verdicts were about the run before.
    state.record.started = state.record.started.filter((id) => id !== containerId);
    state.record.ready = state.record.ready.filter((id) => id !== containerId);
  }
  const outcome = await startContainer(pass, containerId, name);
  if (afterEngineRestart && outcome === 'running') {
    const said = `Container ${name} was started again after the engine restarted`;
    context.recordEvent(state.pod, 'Normal', 'EngineRestarted', said);
  }
  return outcome;
}

async function createAndStart(
  pass: PodPass,
  container: Container,
  attempt: number,
  kind: ContainerKind,
  sandboxId: string | undefined,
): Promise<Outcome> {
  const { context, state } = pass;
  const { name } = container;
  const key = `create ${name}`;
  if (pass.heldBack(key, name)) return 'waiting';
  if (!(await imageReady(pass, container))) return 'waiting';
  const spec = () =>
    containerSpec(state.pod, container, {
      around: pass.around(),
      attempt,
      init: kind === 'init',
      ...(sandboxId === undefined ? {} : { sandboxId }),
    });
  for (let tries = 1; ; tries++) {
    if (state.aborter.signal.aborted) return 'waiting';
    let containerId: string;
    try {
      await mustNotBeRoot(context.engine, state, container);
      containerId = await createContainer(pass, spec, container);
    } catch (error) {
      if (isAppError(error, 'EngineUnreachable')) throw error;
      const reason = error instanceof ConfigError ? 'CreateContainerConfigError' : 'CreateContainerError';
      pass.failed(key, name, reason, messageOf(error));
      return 'waiting';
    }
    state.failures.delete(key);
    state.attempts.set(name, attempt);
    await pass.remember(containerId);
    context.recordEvent(state.pod, 'Normal', 'Created', `Created container ${name}`);
    if (attempt === 0) tellDifferences(pass, container);
    await removeOlder(pass, name, containerId);
    const started = await startContainer(pass, containerId, name);
    if (started !== 'portTaken') return started;
    if (tries === portTries) {
      pass.failed(key, name, 'RunContainerError', `no free host port was found in ${portTries} tries`);
      return 'waiting';
    }
  }
}

/** Earlier runs go when the next one is made, as kubectl's users expect; their last words are kept. */
async function removeOlder({ context, state }: PodPass, name: string, newest: string): Promise<void> {
  for (const old of [...state.containers.values()]) {
    if (containerOf(old) !== name || old.containerId === newest) continue;
    await context.engine.removeContainer(old.containerId);
    state.containers.delete(old.containerId);
  }
}
