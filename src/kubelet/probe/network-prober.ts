import { connect } from 'node:net';
import type { Probe } from 'kubernetes-types/core/v1.js';
import { isAppError, messageOf } from '../../lib/app-error.js';
import type { Engine } from '../engine.js';
import { grpcProbe } from './grpc-probe.js';
import { httpProbe } from './http-probe.js';
import type { ProbeOutcome, Prober, ProbeTarget } from './prober.js';

const failure = (message: string): ProbeOutcome => ({ result: 'failure', message });
const success: ProbeOutcome = { result: 'success', message: '' };

/**
 * Probes as Kubernetes makes them: from the host to the pod's address, or through the published port where the host cannot reach it. An engine
 * that goes down ends its containers as well: a failure counts only while it still takes connections.
 */
export function networkProber(engine: Engine): Prober {
  const once = tryOnce(engine);
  return async (target, probe) => {
    const outcome = await once(target, probe);
    if (outcome.result !== 'failure') return outcome;
    try {
      await engine.ping?.();
      return outcome;
    } catch (error) {
      return { result: 'unknown', message: messageOf(error) };
    }
  };
}

function tryOnce(engine: Engine): Prober {
  return async (target, probe) => {
    // 0 is the default, as everywhere in Kubernetes.
    const timeoutMs = (probe.timeoutSeconds || 1) * 1000;
    if (probe.exec) return execProbe(engine, target, probe.exec.command ?? [], timeoutMs);
    if (probe.httpGet) {
      const { port, host } = probe.httpGet;
      const to = dialled(target, port, host);
      if (!to)
        return failure(`port ${port} is neither named nor published by container ${target.container.name}`);
      return httpProbe(to, probe.httpGet, timeoutMs);
    }
    if (probe.tcpSocket) return tcpProbe(target, probe.tcpSocket, timeoutMs);
    if (probe.grpc) {
      const to = dialled(target, probe.grpc.port);
      if (!to)
        return failure(`port ${probe.grpc.port} is not published by container ${target.container.name}`);
      const why = await grpcProbe(to, probe.grpc.service ?? '', timeoutMs);
      return why === undefined ? success : failure(why);
    }
    return failure('the probe does nothing');
  };
}

async function execProbe(
  engine: Engine,
  target: ProbeTarget,
  command: readonly string[],
  timeoutMs: number,
): Promise<ProbeOutcome> {
  try {
    const { exitCode, output } = await engine.exec(target.containerId, command, { timeoutMs });
    return exitCode === 0
      ? success
      : failure(`exit code ${exitCode}${output ? `: ${output.trim().slice(0, 1024)}` : ''}`);
  } catch (error) {
    if (isAppError(error, 'EngineUnreachable')) return { result: 'unknown', message: error.message };
    return failure(messageOf(error));
  }
}

/** Where to dial for a port that may be a name of a container port; undefined when it cannot be known. */
function dialled(target: ProbeTarget, port: string | number, host?: string) {
  const named = target.container.ports?.find((p) => p.name === String(port))?.containerPort;
  const number = named ?? (/^\d+$/.test(String(port)) ? Number(port) : undefined);
  if (number === undefined) return undefined;
  if (host) return { host, port: number, published: false };
  if (target.hostReachesPods) return { host: target.podIp, port: number, published: false };
  const published = target.hostPorts.get(number);
  return published === undefined ? undefined : { host: '127.0.0.1', port: published, published: true };
}

function tcpProbe(
  target: ProbeTarget,
  tcp: NonNullable<Probe['tcpSocket']>,
  timeoutMs: number,
): Promise<ProbeOutcome> {
  const to = dialled(target, tcp.port, tcp.host);
  if (!to)
    return Promise.resolve(
      failure(`port ${tcp.port} is neither named nor published by container ${target.container.name}`),
    );
  return new Promise((resolve) => {
    let believed: NodeJS.Timeout | undefined;
    const end = (outcome: ProbeOutcome) => {
      clearTimeout(timer);
      clearTimeout(believed);
      socket.destroy();
      resolve(outcome);
    };
    const socket = connect({ host: to.host, port: to.port });
    const timer = setTimeout(
      () => end(failure(`no connection to port ${tcp.port} within ${timeoutMs / 1000} s`)),
      timeoutMs,
    );
    socket.on('error', (error) => end(failure(messageOf(error))));
    socket.on('connect', () => {
      if (!to.published) return end(success);
      // A published port is accepted by the engine's proxy even when nobody serves it; it then hangs up at once.
      believed = setTimeout(() => end(success), Math.min(250, timeoutMs / 2));
    });
    socket.on('data', () => end(success));
    socket.on('close', () => end(failure(`port ${tcp.port} closed the connection`)));
    socket.resume();
  });
}
