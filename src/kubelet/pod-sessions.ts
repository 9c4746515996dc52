import { connect } from 'node:net';
import type { ContainerRef, PodSessions } from '../api/pod-sessions.js';
import { AppError, messageOf } from '../lib/app-error.js';
import type { Engine, EngineInfo } from './engine.js';
import { findContainer } from './find-container.js';
import type { PodRegistry } from './pod-registry.js';
import { isRunning } from './pod-state.js';

/** The kubelet's side of exec, port-forward and cp. */
export function podSessions(from: {
  engine: Engine;
  registry: PodRegistry;
  info(): EngineInfo;
}): PodSessions {
  const { engine, registry } = from;
  const lacking = (what: string) =>
    new AppError(
      'Failed',
      `the ${from.info().kind} engine cannot ${what}: nothing runs in a container there`,
    );
  const made = (ref: ContainerRef) => {
    const { latest, name } = findContainer(registry, ref);
    if (latest) return latest;
    throw new AppError('Failed', `container ${name} of pod ${ref.pod} has not been made yet`, {
      hint: `minithena describe pod ${ref.pod}`,
    });
  };
  const running = (ref: ContainerRef): string => {
    const { state, name, latest } = findContainer(registry, ref);
    if (latest && isRunning(latest)) return latest.containerId;
    throw new AppError('Failed', `container ${name} of pod ${state.pod.metadata.name} is not running`, {
      hint: `minithena logs ${ref.pod} -c ${name}`,
    });
  };
  const archives = () => {
    const { statPath, readArchive, writeArchive } = engine;
    if (!statPath || !readArchive || !writeArchive) throw lacking('copy files');
    return { statPath, readArchive, writeArchive };
  };
  return {
    async exec(ref, options) {
      if (!engine.openExec) throw lacking('run commands');
      return engine.openExec(running(ref), options);
    },
    async attach(ref, options) {
      if (!engine.openAttach) throw lacking('be attached to');
      return engine.openAttach(running(ref), options);
    },
    async dial(ref, port) {
      const { state } = findContainer(registry, ref);
      const { hostReachesPods, kind } = from.info();
      if (kind === 'simulated') throw lacking('forward ports');
      const published = state.record.ports[`${port}/tcp`];
      if (!hostReachesPods && published === undefined) {
        throw new AppError(
          'Failed',
          `port ${port} of pod ${ref.pod} is not published, and this engine's pods cannot be reached otherwise`,
          {
            hint: `add containerPort: ${port} to its ports`,
          },
        );
      }
      const at =
        hostReachesPods && state.ip
          ? { host: state.ip, port }
          : { host: '127.0.0.1', port: published ?? port };
      return new Promise((resolve, reject) => {
        const socket = connect({ ...at, allowHalfOpen: true });
        socket.once('connect', () => {
          socket.off('error', refuse);
          resolve(socket);
        });
        const refuse = (error: Error) =>
          reject(
            new AppError('Failed', `nobody listens on port ${port} of pod ${ref.pod}: ${messageOf(error)}`),
          );
        socket.once('error', refuse);
      });
    },
    statPath: async (ref, path) => archives().statPath(made(ref).containerId, path),
    readArchive: async (ref, path) => archives().readArchive(made(ref).containerId, path),
    writeArchive: async (ref, folder, archive) =>
      archives().writeArchive(made(ref).containerId, folder, archive),
  };
}
