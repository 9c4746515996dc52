import { isAppError, messageOf } from '../lib/app-error.js';
import { sandboxContainerName } from './map/needs-sandbox.js';
import type { PodPass } from './pod-pass.js';

/** `portTaken`: the container was removed, and a port that we had chosen is free to be chosen anew. */
export type StartOutcome = 'running' | 'waiting' | 'portTaken';

/** How often a taken port is chosen anew before the start counts as failed. */
export const portTries = 5;

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
    const taken = /port is already allocated|address already in use/i.test(message);
    if (taken && giveUpChosenPorts(pass, message)) {
      await context.engine.removeContainer(containerId);
      state.containers.delete(containerId);
      state.startInPlace.delete(containerId);
      return 'portTaken';
    }
    await pass.remember(containerId);
    const said = taken ? `host port ${portIn(message) ?? ''} is taken by somebody else: ${message}` : message;
    pass.failed(key, name, 'RunContainerError', said);
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
