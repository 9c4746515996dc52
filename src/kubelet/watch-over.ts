import type { Container } from 'kubernetes-types/core/v1.js';
import { endContainer } from './end-container.js';
import type { ContainerDetails } from './engine.js';
import type { PodPass } from './pod-pass.js';
import { portOwner, verdictOf } from './pod-state.js';
import { runProbes } from './probe/run-probes.js';

/** Begins the probes of a running container, once per run. */
export function watchOver(pass: PodPass, container: Container, details: ContainerDetails): void {
  const { context, state, podIp } = pass;
  if (state.probes.has(details.containerId)) return;
  const owner = portOwner(state, container.name) ?? details;
  const probes = runProbes({
    clock: context.clock,
    startedAtMs: details.startedAtMs ?? context.clock.now(),
    prober: context.prober,
    recall: verdictOf(state, details.containerId),
    target: {
      containerId: details.containerId,
      container,
      podIp,
      hostPorts: new Map(owner.ports.map((p) => [p.containerPort, p.hostPort])),
      hostReachesPods: context.info().hostReachesPods,
    },
    // A container that is reported dead, but not believed to be, has nothing to say.
    paused: () => !context.reachable() || state.deaths.has(details.containerId),
    // The pass over a Pod that is being deleted lasts until its end.
    onChange: () => (state.pod.metadata.deletionTimestamp ? context.publish(state) : context.wake(state.uid)),
    onFailure(kind, message) {
      const said = `${kind[0]?.toUpperCase()}${kind.slice(1)} probe failed: ${message}`;
      context.recordEvent(state.pod, 'Warning', 'Unhealthy', said);
    },
  });
  state.probes.set(details.containerId, probes);
}

/** Stops a container whose liveness or startup probe has failed for good; true when it was stopped. */
export async function killCondemned(
  pass: PodPass,
  container: Container,
  details: ContainerDetails,
): Promise<boolean> {
  const { context, state } = pass;
  const condemned = state.probes.get(details.containerId)?.condemned();
  if (!condemned) return false;
  const said = `Container ${container.name} failed ${condemned.kind} probe, will be restarted`;
  context.recordEvent(state.pod, 'Normal', 'Killing', said);
  const graceSeconds =
    container[`${condemned.kind}Probe`]?.terminationGracePeriodSeconds ??
    state.pod.spec.terminationGracePeriodSeconds ??
    30;
  await endContainer(context, state, details, graceSeconds);
  await pass.remember(details.containerId);
  return true;
}
