import type { Container } from 'kubernetes-types/core/v1.js';
import { ownerLabel } from '../api/labels.js';
import { isAppError, messageOf } from '../lib/app-error.js';
import { checkHostPaths } from './check-host-paths.js';
import type { ContainerDetails, ContainerSpec } from './engine.js';
import type { KubeletContext } from './kubelet-context.js';
import { ConfigError } from './map/config-error.js';
import { containerSpec, ownerLabels, sandboxSpec } from './map/container-spec.js';
import { needsSandbox, restartsAlways, sandboxContainerName } from './map/needs-sandbox.js';
import type { PodSurroundings } from './map/pod-surroundings.js';
import { hostPathsOf, neededVolumes } from './map/pod-volumes.js';
import { pullPolicy } from './map/pull-policy.js';
import { attemptOf, containerOf, isRunning, latestOf, type PodState, portOwner } from './pod-state.js';
import { terminatedState } from './pod-status.js';
import { runProbes } from './probe/run-probes.js';
import { restartDelayMs, stableRunMs } from './restart-delay.js';

type Kind = 'init' | 'sidecar' | 'app';
type Outcome = 'running' | 'waiting' | 'succeeded' | 'failed';

/**
 * One step of a Pod towards what its spec says: sandbox, init containers in order, then all containers at once, each only as far as it can
 * go now. Level-based: half-made pods are completed and nothing is made twice. Returns when to look again; EngineUnreachable passes through.
 */
export async function advancePod(context: KubeletContext, state: PodState): Promise<number | undefined> {
  const { engine, clock } = context;
  let dueMs: number | undefined;
  const again = (atMs: number) => {
    dueMs = Math.min(dueMs ?? Number.POSITIVE_INFINITY, atMs);
  };
  const spec = state.pod.spec;
  const { podIp, hostIp } = await context.addressFor(state);
  const around = (): PodSurroundings => ({
    cluster: context.cluster,
    podIp,
    hostIp,
    cpus: context.info().cpus,
    memoryBytes: context.info().memoryBytes,
    hostPorts: state.record.ports,
  });

  const remember = async (containerId: string) => {
    const details = await engine.inspectContainer(containerId);
    if (!details) {
      state.containers.delete(containerId);
      return undefined;
    }
    state.containers.set(containerId, details);
    for (const port of details.ports)
      if (port.hostPort > 0) state.record.ports[`${port.containerPort}/${port.protocol}`] = port.hostPort;
    return details;
  };

  /** Notes a failed try; the container waits with the reason until the next is due. */
  const failed = (key: string, container: string, reason: string, message: string) => {
    const count = (state.failures.get(key)?.count ?? 0) + 1;
    const nextAtMs = clock.now() + Math.min(300_000, 10_000 * 2 ** Math.min(count - 1, 10));
    state.failures.set(key, { count, nextAtMs, reason, message });
    state.waiting.set(container, { reason, message });
    context.recordEvent(state.pod, 'Warning', 'Failed', message);
    again(nextAtMs);
  };
  /** True while an earlier failure of this thing still keeps it from being tried. */
  const heldBack = (key: string, container: string, shownAs: (reason: string) => string): boolean => {
    const before = state.failures.get(key);
    if (!before || clock.now() >= before.nextAtMs) return false;
    state.waiting.set(container, { reason: shownAs(before.reason), message: before.message });
    again(before.nextAtMs);
    return true;
  };

  const imageReady = async (container: Container): Promise<boolean> => {
    const image = container.image ?? '';
    const key = `pull ${image}`;
    const { policy, implied } = pullPolicy(container);
    if (heldBack(key, container.name, () => 'ImagePullBackOff')) return false;
    const local = await engine.findImage(image);
    if (policy === 'Never' || (policy === 'IfNotPresent' && local)) {
      if (local) return true;
      failed(
        key,
        container.name,
        'ErrImageNeverPull',
        `Container image "${image}" is not present with pull policy of Never`,
      );
      return false;
    }
    try {
      context.recordEvent(state.pod, 'Normal', 'Pulling', `Pulling image "${image}"`);
      await context.pull(image, state.aborter.signal);
      context.recordEvent(state.pod, 'Normal', 'Pulled', `Successfully pulled image "${image}"`);
      state.failures.delete(key);
      return true;
    } catch (error) {
      if (isAppError(error, 'EngineUnreachable')) throw error;
      if (local && implied) {
        context.recordEvent(
          state.pod,
          'Warning',
          'PullFailed',
          `Image "${image}" could not be pulled (${messageOf(error)}); the local one is used`,
        );
        return true;
      }
      failed(key, container.name, 'ErrImagePull', `Failed to pull image "${image}": ${messageOf(error)}`);
      return false;
    }
  };

  /** Host ports are chosen before the first creation, so that they stay when the engine restarts the container. */
  const choosePorts = async (made: ContainerSpec): Promise<ContainerSpec> => {
    if (!context.pickPort) return made;
    const ports = [];
    for (const port of made.ports) {
      const hostPort = port.hostPort === 0 ? await context.pickPort() : port.hostPort;
      state.record.ports[`${port.containerPort}/${port.protocol}`] = hostPort;
      ports.push({ ...port, hostPort });
    }
    return { ...made, ports };
  };

  /** Creates, or takes over a container of ours that has the name already. */
  const create = async (made: ContainerSpec): Promise<string> => {
    try {
      return await context.slot(() => engine.createContainer(made));
    } catch (error) {
      if (!isAppError(error, 'EngineConflict')) throw error;
      const holder = (await engine.listContainers()).find((c) => c.name === made.name);
      if (!holder) throw error;
      const same = [ownerLabel.podUid, ownerLabel.specHash].every(
        (key) => holder.labels[key] === made.labels[key],
      );
      if (same) return holder.containerId;
      if (isRunning(holder) || context.podExists(holder.labels[ownerLabel.podUid] ?? '')) throw error;
      await engine.removeContainer(holder.containerId);
      return await context.slot(() => engine.createContainer(made));
    }
  };

  const ensureVolumes = async () => {
    checkHostPaths(hostPathsOf(state.pod));
    for (const volume of neededVolumes(state.pod, around())) {
      const { [ownerLabel.podUid]: _uid, ...lasting } = ownerLabels(state.pod, around());
      await engine.ensureVolume(
        volume.name,
        volume.ofPod ? ownerLabels(state.pod, around()) : lasting,
        volume.tmpfsBytes === undefined ? undefined : { tmpfsBytes: volume.tmpfsBytes },
      );
    }
  };

  /** True when it runs afterwards. A host port that somebody took meanwhile is chosen anew once per failure. */
  const start = async (containerId: string, name: string): Promise<boolean> => {
    const key = `start ${name}`;
    if (heldBack(key, name, (reason) => reason)) return false;
    try {
      await context.slot(() => engine.startContainer(containerId));
    } catch (error) {
      if (isAppError(error, 'EngineUnreachable')) throw error;
      const message = messageOf(error);
      if (
        /port is already allocated|address already in use/i.test(message) &&
        state.containers.get(containerId)?.state !== 'exited'
      ) {
        await engine.removeContainer(containerId);
        state.containers.delete(containerId);
        state.record.ports = {};
      } else await remember(containerId);
      failed(key, name, 'RunContainerError', message);
      return false;
    }
    state.failures.delete(key);
    state.waiting.delete(name);
    state.startInPlace.delete(containerId);
    await remember(containerId);
    context.recordEvent(state.pod, 'Normal', 'Started', `Started container ${name}`);
    return true;
  };

  const createAndStart = async (
    container: Container,
    attempt: number,
    kind: Kind,
    sandboxId: string | undefined,
  ): Promise<Outcome> => {
    const { name } = container;
    if (heldBack(`create ${name}`, name, (reason) => reason)) return 'waiting';
    if (!(await imageReady(container))) return 'waiting';
    if (state.aborter.signal.aborted) return 'waiting';
    let containerId: string;
    try {
      await ensureVolumes();
      const made = containerSpec(state.pod, container, {
        around: around(),
        attempt,
        init: kind === 'init',
        ...(sandboxId === undefined ? {} : { sandboxId }),
      });
      containerId = await create(await choosePorts(made));
    } catch (error) {
      if (isAppError(error, 'EngineUnreachable')) throw error;
      const reason = error instanceof ConfigError ? 'CreateContainerConfigError' : 'CreateContainerError';
      failed(`create ${name}`, name, reason, messageOf(error));
      return 'waiting';
    }
    state.failures.delete(`create ${name}`);
    state.attempts.set(name, attempt);
    await remember(containerId);
    for (const old of [...state.containers.values()]) {
      if (containerOf(old) !== name || old.containerId === containerId) continue;
      await engine.removeContainer(old.containerId);
      state.containers.delete(old.containerId);
    }
    return (await start(containerId, name)) ? 'running' : 'waiting';
  };

  const watchOver = (container: Container, details: ContainerDetails) => {
    if (state.probes.has(details.containerId)) return;
    const owner = portOwner(state, container.name) ?? details;
    state.probes.set(
      details.containerId,
      runProbes({
        clock,
        startedAtMs: details.startedAtMs ?? clock.now(),
        prober: context.prober,
        recall: {
          started: state.record.started.includes(details.containerId),
          ready: state.record.ready.includes(details.containerId),
        },
        target: {
          containerId: details.containerId,
          container,
          podIp,
          hostPorts: new Map(owner.ports.map((p) => [p.containerPort, p.hostPort])),
          hostReachesPods: context.info().hostReachesPods,
        },
        paused: () => !context.reachable(),
        onChange: () => context.wake(state.uid),
        onFailure: (kind, message) =>
          context.recordEvent(
            state.pod,
            'Warning',
            'Unhealthy',
            `${kind[0]?.toUpperCase()}${kind.slice(1)} probe failed: ${message}`,
          ),
      }),
    );
  };

  const killCondemned = async (container: Container, details: ContainerDetails): Promise<boolean> => {
    const condemned = state.probes.get(details.containerId)?.condemned();
    if (!condemned) return false;
    context.recordEvent(
      state.pod,
      'Normal',
      'Killing',
      `Container ${container.name} failed ${condemned.kind} probe, will be restarted`,
    );
    await engine.stopContainer(details.containerId, spec.terminationGracePeriodSeconds ?? 30);
    await remember(details.containerId);
    return true;
  };

  /** Keeps the last words of a finished run for `logs --previous`. */
  const keepLog = async (details: ContainerDetails, name: string) => {
    try {
      const chunks: Uint8Array[] = [];
      for await (const chunk of engine.logs(details.containerId, { tail: 1000 })) chunks.push(chunk.data);
      if (chunks.length > 0) context.records.saveLog(state.uid, name, Buffer.concat(chunks));
    } catch (error) {
      if (isAppError(error, 'EngineUnreachable')) throw error;
      context.logger.warn(
        { container: details.name, error: messageOf(error) },
        'the log of a finished container could not be kept',
      );
    }
  };

  const restart = async (
    container: Container,
    ended: ContainerDetails,
    kind: Kind,
    sandboxId: string | undefined,
  ): Promise<Outcome> => {
    const { name } = container;
    const policy = kind === 'sidecar' ? 'Always' : (spec.restartPolicy ?? 'Always');
    const effective = kind === 'init' && policy === 'Always' ? 'OnFailure' : policy;
    const bad = ended.exitCode !== 0;
    state.probes.get(ended.containerId)?.stop();
    if (effective === 'Never' || (effective === 'OnFailure' && !bad)) {
      state.waiting.delete(name);
      return bad ? 'failed' : 'succeeded';
    }
    const before = state.crashes.get(name);
    if (before?.containerId !== ended.containerId) {
      const ranMs = (ended.finishedAtMs ?? 0) - (ended.startedAtMs ?? 0);
      const series = before?.count ?? attemptOf(ended);
      state.crashes.set(name, {
        containerId: ended.containerId,
        count: ranMs >= stableRunMs ? 1 : series + 1,
      });
      state.lastState.set(name, terminatedState(ended, state.oomKilled.has(ended.containerId)));
      state.record.lastState = Object.fromEntries(state.lastState);
      await keepLog(ended, name);
    }
    const delayMs = restartDelayMs(state.crashes.get(name)?.count ?? 1);
    const startAtMs = (ended.finishedAtMs ?? clock.now()) + delayMs;
    if (clock.now() < startAtMs) {
      const message = `back-off ${delayMs / 1000}s restarting failed container=${name} pod=${state.pod.metadata.name}`;
      if (state.waiting.get(name)?.message !== message)
        context.recordEvent(state.pod, 'Warning', 'BackOff', message);
      state.waiting.set(name, { reason: 'CrashLoopBackOff', message });
      again(startAtMs);
      return 'waiting';
    }
    return createAndStart(
      container,
      Math.max(attemptOf(ended), state.attempts.get(name) ?? 0) + 1,
      kind,
      sandboxId,
    );
  };

  const ensure = async (
    container: Container,
    kind: Kind,
    sandboxId: string | undefined,
  ): Promise<Outcome> => {
    let latest = latestOf(state, container.name);
    if (!latest) {
      const highest = state.attempts.get(container.name);
      const made = await createAndStart(container, highest === undefined ? 0 : highest + 1, kind, sandboxId);
      latest = latestOf(state, container.name);
      if (made === 'running' && latest && isRunning(latest)) watchOver(container, latest);
      return made;
    }
    state.attempts.set(container.name, Math.max(attemptOf(latest), state.attempts.get(container.name) ?? 0));
    if (isRunning(latest)) {
      state.waiting.delete(container.name);
      watchOver(container, latest);
      if (!(await killCondemned(container, latest))) return 'running';
    } else if (latest.state === 'created' || state.startInPlace.has(latest.containerId)) {
      const inPlace = state.startInPlace.has(latest.containerId);
      if (inPlace) {
        state.probes.get(latest.containerId)?.stop();
        state.probes.delete(latest.containerId);
      }
      if (!(await start(latest.containerId, container.name))) return 'waiting';
      if (inPlace)
        context.recordEvent(
          state.pod,
          'Normal',
          'EngineRestarted',
          `Container ${container.name} was started again after the engine restarted`,
        );
    }
    latest = latestOf(state, container.name);
    if (!latest) return 'waiting';
    const outcome = isRunning(latest) ? 'running' : await restart(container, latest, kind, sandboxId);
    latest = latestOf(state, container.name);
    if (outcome === 'running' && latest && isRunning(latest)) watchOver(container, latest);
    return outcome;
  };

  /** The sandbox always lives on in place; containers that were in a dead one lost their network and are killed, to be restarted. */
  const ensureSandbox = async (): Promise<string | undefined> => {
    const found = latestOf(state, sandboxContainerName);
    if (found && isRunning(found)) return found.containerId;
    const every = [...spec.containers, ...(spec.initContainers ?? [])];
    const show = (reason: string, message: string) => {
      for (const c of every) state.waiting.set(c.name, { reason, message });
    };
    try {
      if (heldBack('sandbox', every[0]?.name ?? '', (r) => r)) return undefined;
      let containerId = found?.containerId;
      if (containerId === undefined) {
        await ensureVolumes();
        containerId = await create(await choosePorts(sandboxSpec(state.pod, around())));
        await remember(containerId);
      }
      if (!(await start(containerId, sandboxContainerName))) {
        const why = state.waiting.get(sandboxContainerName);
        show(why?.reason ?? 'FailedCreatePodSandBox', why?.message ?? '');
        return undefined;
      }
      for (const orphan of [...state.containers.values()]) {
        if (orphan.containerId === containerId || !isRunning(orphan)) continue;
        await engine.stopContainer(orphan.containerId, 0);
        await remember(orphan.containerId);
      }
      state.failures.delete('sandbox');
      for (const c of every) state.waiting.delete(c.name);
      return containerId;
    } catch (error) {
      if (isAppError(error, 'EngineUnreachable')) throw error;
      const reason = error instanceof ConfigError ? 'CreateContainerConfigError' : 'FailedCreatePodSandBox';
      failed('sandbox', every[0]?.name ?? '', reason, messageOf(error));
      show(reason, messageOf(error));
      return undefined;
    }
  };

  const sandboxed = needsSandbox(state.pod);
  const sandboxId = sandboxed ? await ensureSandbox() : undefined;
  if (sandboxed && sandboxId === undefined) return dueMs;
  const begun = spec.containers.some((c) => latestOf(state, c.name));
  for (const container of spec.initContainers ?? []) {
    if (state.aborter.signal.aborted) return dueMs;
    if (restartsAlways(container)) {
      const outcome = await ensure(container, 'sidecar', sandboxId);
      const latest = latestOf(state, container.name);
      const started =
        outcome === 'running' &&
        latest !== undefined &&
        state.probes.get(latest.containerId)?.started() === true;
      if (!started && !begun) return dueMs;
    } else if (!begun && (await ensure(container, 'init', sandboxId)) !== 'succeeded') return dueMs;
  }
  await Promise.all(spec.containers.map((container) => ensure(container, 'app', sandboxId)));
  return dueMs;
}
