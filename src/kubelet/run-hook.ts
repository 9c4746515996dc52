import type { Container, LifecycleHandler } from 'kubernetes-types/core/v1.js';
import { messageOf } from '../lib/app-error.js';
import type { ContainerDetails } from './engine.js';
import type { KubeletContext } from './kubelet-context.js';
import { type PodState, portOwner } from './pod-state.js';

type Handler = LifecycleHandler & { sleep?: { seconds: number } };

/** Carries out a postStart or preStop handler; undefined when it went well, else why not. Never throws. */
export async function runHook(
  { engine, clock, prober, info }: KubeletContext,
  state: PodState,
  container: Container,
  details: ContainerDetails,
  handler: Handler,
  timeoutMs: number,
): Promise<string | undefined> {
  if (handler.sleep) {
    const { seconds } = handler.sleep;
    await new Promise<void>((resolve) => clock.after(Math.min(seconds * 1000, timeoutMs), resolve));
    return undefined;
  }
  if (handler.exec) {
    try {
      const { exitCode, output } = await engine.exec(details.containerId, handler.exec.command ?? [], {
        timeoutMs,
      });
      return exitCode === 0 ? undefined : `command exited with ${exitCode}: ${output.trim().slice(0, 1024)}`;
    } catch (error) {
      return messageOf(error);
    }
  }
  const owner = portOwner(state, container.name) ?? details;
  const target = {
    containerId: details.containerId,
    container,
    podIp: state.ip ?? '',
    hostPorts: new Map(owner.ports.map((p) => [p.containerPort, p.hostPort])),
    hostReachesPods: info().hostReachesPods,
  };
  // A request is made as a probe makes it.
  const { httpGet, tcpSocket } = handler;
  const { result, message } = await prober(target, {
    ...(httpGet && { httpGet }),
    ...(tcpSocket && { tcpSocket }),
    timeoutSeconds: timeoutMs / 1000,
  });
  return result === 'success' ? undefined : message;
}
