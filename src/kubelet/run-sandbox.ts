import { isAppError, messageOf } from '../lib/app-error.js';
import { createContainer } from './create-container.js';
import { ConfigError } from './map/config-error.js';
import { sandboxSpec } from './map/container-spec.js';
import { sandboxContainerName } from './map/needs-sandbox.js';
import type { PodPass } from './pod-pass.js';
import { isRunning, latestOf } from './pod-state.js';
import { portTries, startContainer } from './start-container.js';

/**
 * The id of the Pod's running sandbox, undefined while it cannot run. It lives on in place; containers that were in a dead one lost their
 * network and are killed, to be restarted. Throws EngineUnreachable.
 */
export async function runSandbox(pass: PodPass): Promise<string | undefined> {
  const { context, state } = pass;
  const found = latestOf(state, sandboxContainerName);
  if (found && isRunning(found)) return found.containerId;
  const { containers, initContainers } = state.pod.spec;
  const names = [...containers, ...(initContainers ?? [])].map((c) => c.name);
  const first = names[0] ?? '';
  if (pass.heldBack('sandbox', first)) return undefined;
  // One that the engine's restart took along is started as it is, and so is all that was in it.
  const isLost = found?.finishedAtMs !== undefined && !state.startInPlace.has(found.containerId);
  try {
    const containerId = await makeAndStart(pass, found?.containerId);
    const why = state.waiting.get(sandboxContainerName);
    if (containerId === undefined) {
      if (why) for (const name of names) state.waiting.set(name, why);
      return undefined;
    }
    const startedAtMs = latestOf(state, sandboxContainerName)?.startedAtMs;
    if (isLost && startedAtMs !== undefined) state.record.initSinceMs = startedAtMs;
    for (const orphan of [...state.containers.values()]) {
      if (orphan.containerId === containerId || !isRunning(orphan)) continue;
      await context.engine.stopContainer(orphan.containerId, 0);
      await pass.remember(orphan.containerId);
    }
    state.failures.delete('sandbox');
    for (const name of names) state.waiting.delete(name);
    return containerId;
  } catch (error) {
    if (isAppError(error, 'EngineUnreachable')) throw error;
    const reason = error instanceof ConfigError ? 'CreateContainerConfigError' : 'FailedCreatePodSandBox';
    pass.failed('sandbox', first, reason, messageOf(error));
    for (const name of names) state.waiting.set(name, { reason, message: messageOf(error) });
    return undefined;
  }
}

async function makeAndStart(pass: PodPass, existing: string | undefined): Promise<string | undefined> {
  const { state } = pass;
  let containerId = existing;
  for (let tries = 1; tries <= portTries; tries++) {
    if (containerId === undefined) {
      containerId = await createContainer(pass, () => sandboxSpec(state.pod, pass.around()));
      await pass.remember(containerId);
    }
    const outcome = await startContainer(pass, containerId, sandboxContainerName);
    if (outcome !== 'portTaken') return outcome === 'running' ? containerId : undefined;
    // What joined the network of the removed sandbox cannot be started as it is.
    state.startInPlace.clear();
    containerId = undefined;
  }
  throw new Error(`no free host port was found in ${portTries} tries`);
}
