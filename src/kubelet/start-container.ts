import { isAppError, messageOf } from '../lib/app-error.js';
import { sandboxContainerName } from './map/needs-sandbox.js';
import type { PodPass } from './pod-pass.js';
import { attemptOf, containerOf, isRunning } from './pod-state.js';

/** `portTaken`: the container was removed, and a port that we had chosen is free to be chosen anew. */
export type StartOutcome = 'running' | 'waiting' | 'portTaken';

/** How often a taken port is chosen anew before the start counts as failed. */
export const portTries = 5;

/** The next address is tried this soon: an address that is taken says nothing against the next one. */
const otherAddressMs = 250;

/** Starts a created or stopped container. A host port that the user wrote is waited for; one of our own choice is given up. */
export async function startContainer(
  pass: PodPass,
  containerId: string,
  name: string,
): Promise<StartOutcome> {
  const { context, state } = pass;
  const key = `start ${name}`;
  if (pass.heldBack(key, name)) return 'waiting';
  try {
    await context.slots.run(() => context.engine.startContainer(containerId));
  } catch (error) {
    if (isAppError(error, 'EngineUnreachable')) throw error;
    const message = messageOf(error);
    const taken = /port is already allocated|bind: address already in use/i.test(message);
    if (taken && giveUpChosenPorts(pass, message)) {
      await context.engine.removeContainer(containerId);
      state.containers.delete(containerId);
      state.startInPlace.delete(containerId);
      return 'portTaken';
    }
    const addressTaken = /^(?!.*\bbind:).*address already in use/i.test(message);
    const another = addressTaken && (await giveUpAddress(pass, containerId));
    if (isAppError(error, 'EngineNotFound')) await giveUpNetwork(pass, containerId);
    else if (!another) await pass.remember(containerId);
    const said = taken ? `host port ${portIn(message) ?? ''} is taken by somebody else: ${message}` : message;
    pass.failed(key, name, 'RunContainerError', said);
    if (another) {
      state.failures.delete(key);
      pass.again(context.clock.now() + otherAddressMs);
    }
    return 'waiting';
  }
  state.failures.delete(key);
  state.waiting.delete(name);
  state.startInPlace.delete(containerId);
  await pass.remember(containerId);
  if (name !== sandboxContainerName)
    context.recordEvent(state.pod, 'Normal', 'Started', `Started container ${name}`);
  context.publish(state);
  return 'running';
}

/** The host port in the engine's words, e.g. "Bind for 127.0.0.1:8080 failed" or "listen tcp4 127.0.0.1:8080: bind:". */
const portIn = (message: string): number | undefined => {
  const found = /[\d\].]:(\d{1,5})(?=\D|$)/.exec(message)?.[1];
  return found === undefined ? undefined : Number(found);
};

/**
 * Forgets the taken port, so that another is chosen: all chosen ones when the engine does not say which. False when the user wrote it.
 */
function giveUpChosenPorts({ state }: PodPass, message: string): boolean {
  const { containers, initContainers } = state.pod.spec;
  const written = new Set(
    [...containers, ...(initContainers ?? [])]
      .flatMap((c) => c.ports ?? [])
      .flatMap((p) => (p.hostPort === undefined ? [] : [p.hostPort])),
  );
  const port = portIn(message);
  const chosen = Object.entries(state.record.ports).filter(([, p]) => !written.has(p));
  for (const [key, hostPort] of chosen)
    if (port === undefined || hostPort === port) delete state.record.ports[key];
  return port === undefined ? chosen.length > 0 : !written.has(port);
}

/** Somebody else has the Pod's address in our network; while nothing of the Pod runs, it may get another. */
async function giveUpAddress(pass: PodPass, containerId: string): Promise<boolean> {
  const { state } = pass;
  if ([...state.containers.values()].some(isRunning)) return false;
  await removeUnrun(pass, containerId);
  state.ip = undefined;
  return true;
}

/** The network that a created container was made for is gone: both are made again. A container that ran before keeps its last words. */
async function giveUpNetwork(pass: PodPass, containerId: string): Promise<void> {
  pass.context.addresses.forget(pass.state.pod.metadata.namespace);
  const details = await pass.remember(containerId);
  if (details?.state === 'created') await removeUnrun(pass, containerId);
}

/** A container that never ran leaves no trace: the next has its number and counts as no restart. */
async function removeUnrun({ context, state }: PodPass, containerId: string): Promise<void> {
  await context.engine.removeContainer(containerId);
  const removed = state.containers.get(containerId);
  state.containers.delete(containerId);
  if (!removed) return;
  if (attemptOf(removed) === 0) state.attempts.delete(containerOf(removed));
  else state.attempts.set(containerOf(removed), attemptOf(removed) - 1);
}
