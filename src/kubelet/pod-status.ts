import type {
  Container,
  ContainerState,
  ContainerStateTerminated,
  ContainerStatus,
  PodCondition,
  PodStatus,
} from 'kubernetes-types/core/v1.js';
import { qosClass } from '../api/qos-class.js';
import { naturalOrder } from '../lib/natural-order.js';
import { secondsText } from '../lib/time-text.js';
import type { ContainerDetails } from './engine.js';
import { restartsAlways } from './map/needs-sandbox.js';
import { attemptOf, hasBegun, isHeld, isRunning, latestOf, type PodState, verdictOf } from './pod-state.js';

const completed = 'PodCompleted';

/** How a finished run is told, in Kubernetes' words. Pure. */
export function terminatedState(details: ContainerDetails, oomKilled: boolean): ContainerStateTerminated {
  const oom = oomKilled || details.oomKilled;
  return {
    exitCode: details.exitCode,
    reason: oom ? 'OOMKilled' : details.exitCode === 0 ? 'Completed' : 'Error',
    ...(details.error ? { message: details.error } : {}),
    ...(details.startedAtMs === undefined ? {} : { startedAt: secondsText(details.startedAtMs) }),
    ...(details.finishedAtMs === undefined ? {} : { finishedAt: secondsText(details.finishedAtMs) }),
    containerID: `docker://${details.containerId}`,
  };
}

function containerStatus(
  state: PodState,
  container: Container,
  kind: 'init' | 'sidecar' | 'app',
  notYet = 'ContainerCreating',
): ContainerStatus {
  const latest = latestOf(state, container.name);
  const waiting = state.waiting.get(container.name);
  // Until its postStart hook is through, it does not count as running.
  const running = latest !== undefined && isRunning(latest) && !state.hooks.has(latest.containerId);
  // What is kept of the run knows its termination message as well.
  const kept = state.lastState.get(container.name);
  const isKept = latest !== undefined && kept?.containerID === `docker://${latest.containerId}`;
  const finished =
    latest && !isRunning(latest) && latest.state !== 'created'
      ? isKept
        ? kept
        : terminatedState(latest, state.oomKilled.has(latest.containerId))
      : undefined;
  const now: ContainerState = running
    ? { running: latest.startedAtMs === undefined ? {} : { startedAt: secondsText(latest.startedAtMs) } }
    : waiting
      ? { waiting }
      : finished
        ? { terminated: finished }
        : { waiting: { reason: notYet } };
  const last = waiting && finished ? finished : isKept ? undefined : kept;
  const probed = latest ? verdictOf(state, latest.containerId) : undefined;
  const started = running && (!container.startupProbe || probed?.started === true);
  const ready = started && (!container.readinessProbe || probed?.ready === true);
  return {
    name: container.name,
    image: container.image ?? '',
    imageID: latest?.imageId ?? '',
    ...(latest ? { containerID: `docker://${latest.containerId}` } : {}),
    ready: kind === 'init' ? finished?.exitCode === 0 : ready,
    started,
    restartCount: latest ? attemptOf(latest) : (state.attempts.get(container.name) ?? 0),
    state: now,
    ...(last ? { lastState: { terminated: last } } : {}),
  };
}

/**
 * The status of a Pod as Kubernetes would tell it. Conditions keep their transition time while their status stays, and conditions that
 * others wrote (PodScheduled, readiness gates) are kept. Pure.
 */
export function podStatus(state: PodState, at: { nowMs: number; hostIp: string }): PodStatus {
  const { pod } = state;
  const init = (pod.spec.initContainers ?? []).map((c) => ({
    sidecar: restartsAlways(c),
    status: containerStatus(state, c, restartsAlways(c) ? 'sidecar' : 'init'),
  }));
  const initialized =
    init.every(({ sidecar, status }) =>
      sidecar ? status.started === true : status.state?.terminated?.exitCode === 0,
    ) || hasBegun(state);
  const notYet = initialized ? 'ContainerCreating' : 'PodInitializing';
  const drilledUntilMs = state.record.unreadyUntilMs ?? 0;
  const isDrilled = at.nowMs < drilledUntilMs;
  const apps = pod.spec.containers
    .map((c) => containerStatus(state, c, 'app', notYet))
    .map((each) => (isDrilled ? { ...each, ready: false } : each));
  const counted = [...apps, ...init.filter((i) => i.sidecar).map((i) => i.status)];
  const unready = counted.filter((s) => !s.ready).map((s) => s.name);
  const stored = pod.status?.conditions ?? [];
  // Those of others come back from the record after a restart, when nobody has told them yet.
  const given = state.record.marks?.conditions ?? [];
  const previous = [...stored, ...given.filter((each) => !stored.some(({ type }) => type === each.type))];
  const condition = (type: string, holds: boolean, reason: string, message: string): PodCondition => {
    const before = previous.find((c) => c.type === type);
    const status = holds ? 'True' : 'False';
    return {
      type,
      status,
      ...(reason && (!holds || reason === completed) ? { reason } : {}),
      ...(!holds && message ? { message } : {}),
      lastProbeTime: null as never,
      lastTransitionTime:
        before?.status === status && before.lastTransitionTime
          ? before.lastTransitionTime
          : secondsText(at.nowMs),
    };
  };
  const gate = (pod.spec.readinessGates ?? []).find(
    (g) => previous.find((c) => c.type === g.conditionType)?.status !== 'True',
  );
  const allReady = unready.length === 0;
  const unreadyMessage = isDrilled
    ? `a drill keeps it from being ready until ${secondsText(drilledUntilMs)}`
    : `containers with unready status: [${unready.join(' ')}]`;
  const notReady = isDrilled ? 'ChaosUnready' : 'ContainersNotReady';
  const ended = phase(
    state,
    apps,
    initialized,
    init.flatMap(({ sidecar, status }) => (sidecar ? [] : [status])),
  );
  const over = ended === 'Succeeded' ? completed : ended === 'Failed' ? 'PodFailed' : undefined;
  const incomplete = init
    .filter(({ sidecar, status }) =>
      sidecar ? status.started !== true : status.state?.terminated?.exitCode !== 0,
    )
    .map(({ status }) => status.name);
  const own = [
    condition(
      'Initialized',
      initialized,
      over === completed ? completed : 'ContainersNotInitialized',
      `containers with incomplete status: [${incomplete.join(' ')}]`,
    ),
    condition(
      'Ready',
      allReady && !gate && !over,
      over ?? (allReady ? 'ReadinessGatesNotReady' : notReady),
      over
        ? ''
        : allReady && gate
          ? `corresponding condition of pod readiness gate "${gate.conditionType}" is not True`
          : unreadyMessage,
    ),
    condition('ContainersReady', allReady && !over, over ?? notReady, over ? '' : unreadyMessage),
  ];
  return {
    phase: ended,
    ...(state.record.deadlineExceeded && {
      reason: 'DeadlineExceeded',
      message: 'Pod was active on the node longer than the specified deadline',
    }),
    conditions: [...own, ...previous.filter((c) => !own.some((o) => o.type === c.type))],
    hostIP: at.hostIp,
    ...(state.ip ? { podIP: state.ip, podIPs: [{ ip: state.ip }] } : {}),
    startTime: pod.status?.startTime ?? startOf([...init.map((each) => each.status), ...apps], at.nowMs),
    ...(init.length > 0 ? { initContainerStatuses: init.map((i) => i.status) } : {}),
    containerStatuses: apps,
    qosClass: qosClass(pod.spec),
  };
}

/** Of a Pod that an earlier process has run: when its first container began, as far as that is known. */
function startOf(statuses: readonly ContainerStatus[], nowMs: number): string {
  const starts = statuses.flatMap(({ state, lastState }) =>
    [state?.running, state?.terminated, lastState?.terminated].flatMap((run) => run?.startedAt ?? []),
  );
  // As texts of whole seconds they are in the order of time.
  return [...starts, secondsText(nowMs)].sort()[0] as string;
}

function phase(
  state: PodState,
  apps: readonly ContainerStatus[],
  initialized: boolean,
  init: readonly ContainerStatus[],
): string {
  if (state.record.deadlineExceeded) return 'Failed';
  const policy = state.pod.spec.restartPolicy ?? 'Always';
  if (policy === 'Never' && init.some((s) => (s.state?.terminated?.exitCode ?? 0) !== 0)) return 'Failed';
  if (!initialized) return 'Pending';
  // One that has not run yet keeps it Pending, whatever the others do.
  if (apps.some((s) => s.state?.waiting && !s.lastState?.terminated)) return 'Pending';
  if (apps.some((s) => s.state?.running)) return 'Running';
  if (apps.every((s) => s.state?.terminated)) {
    const failed = apps.some((s) => s.state?.terminated?.exitCode !== 0);
    // Nobody starts one again that is being deleted.
    if (policy === 'Never' || (policy === 'OnFailure' && !failed) || isHeld(state.pod))
      return failed ? 'Failed' : 'Succeeded';
  }
  return 'Running';
}

/** "8000→127.0.0.1:49153", several separated by commas; '' when none is published. */
export function publishedPortsText(state: PodState): string {
  const ports = [...state.containers.values()].filter(isRunning).flatMap((c) => c.ports);
  return ports
    .map((p) => `${p.containerPort}${p.protocol === 'tcp' ? '' : `/${p.protocol}`}→${p.hostIp}:${p.hostPort}`)
    .sort(naturalOrder)
    .join(',');
}
