import { ownerLabel } from '../../api/labels.js';
import { AppError } from '../../lib/app-error.js';
import { type Clock, sleep } from '../../lib/clock.js';
import type { ContainerDetails, ContainerSpec, EngineEvent } from '../engine.js';
import type { Prober, SelfProbingEngine } from '../probe/prober.js';
import { networksAndVolumes } from './networks-and-volumes.js';
import type { SimulatedControls } from './simulated-controls.js';

export type SimulatedEngine = SelfProbingEngine & SimulatedControls;

export interface SimulatedDelays {
  createMs: number;
  startMs: number;
  stopMs: number;
  /** How long an init container takes; absent: it runs until it is told to end. */
  initMs?: number;
}

type Simulated = ContainerDetails & { spec: ContainerSpec };

/** An engine without containers, on a clock: each starts after a delay, runs until told otherwise, and every probe succeeds. */
export function simulatedEngine(options: {
  clock: Clock;
  cluster: { name: string; id: string };
  delays?: Partial<SimulatedDelays>;
}): SimulatedEngine {
  const { clock, cluster } = options;
  const delays: SimulatedDelays = { createMs: 10, startMs: 100, stopMs: 100, ...options.delays };
  const containers = new Map<string, Simulated>();
  const handlers = new Set<(event: EngineEvent) => void>();
  const broken = new Set<string>();
  const takenPorts = new Set<number>();
  const takenAddresses = new Set<string>();
  const heldPulls: (() => void)[] = [];
  let holdsPulls = false;
  let starts = 1;
  let goingDown = false;
  const calls: string[] = [];
  let answers: ((podName: string, container: string) => boolean) | undefined;
  let away: string | undefined;
  let serial = 0;
  let nextPort = 49152;

  const emit = (event: EngineEvent) => {
    queueMicrotask(() => {
      for (const handler of handlers) if (event.type === 'disconnected' || away === undefined) handler(event);
    });
  };
  const reach = () => {
    if (away !== undefined) throw new AppError('EngineUnreachable', away);
  };
  const call = async (name: string, delayMs = 0) => {
    reach();
    calls.push(name);
    if (delayMs > 0) await sleep(clock, delayMs);
    reach();
  };
  const need = (containerId: string): Simulated => {
    const found = containers.get(containerId);
    if (!found) throw new AppError('EngineNotFound', `No such container: ${containerId}`);
    return found;
  };
  const end = (container: Simulated, exitCode: number) => {
    if (container.state !== 'running') return;
    container.state = 'exited';
    container.exitCode = exitCode;
    container.finishedAtMs = clock.now();
    container.ports = [];
    emit({ type: 'died', containerId: container.containerId, labels: container.labels, exitCode });
  };
  const copy = ({ spec: _spec, ...details }: Simulated): ContainerDetails => ({
    ...details,
    labels: { ...details.labels },
  });

  const probe: Prober = async ({ containerId, container }) => {
    if (away !== undefined) return { result: 'unknown', message: away };
    const podName = containers.get(containerId)?.labels[ownerLabel.podName] ?? '';
    const made = containers.get(containerId);
    const readyAtMs = (made?.startedAtMs ?? 0) + (made?.spec.simulated?.readyAfterMs ?? 0);
    const succeeds = answers?.(podName, container.name) ?? clock.now() >= readyAtMs;
    return { result: succeeds ? 'success' : 'failure', message: succeeds ? '' : 'simulated failure' };
  };

  return {
    probe,
    async info() {
      reach();
      return {
        engineId: `simulated-${cluster.id}`,
        kind: 'simulated',
        version: '1',
        apiVersion: '1',
        operatingSystem: 'none',
        architecture: 'none',
        cpus: 8,
        memoryBytes: 32 * 2 ** 30,
        hostReachesPods: true,
        concurrency: 64,
        startMark: `${cluster.id}-${starts}`,
      };
    },
    async ping() {
      reach();
      if (goingDown) throw new AppError('EngineUnreachable', 'connection refused');
    },
    async listContainers() {
      reach();
      return [...containers.values()].map(copy);
    },
    async inspectContainer(containerId) {
      reach();
      const found = containers.get(containerId);
      return found && copy(found);
    },
    async createContainer(spec) {
      await call(`create ${spec.name}`, delays.createMs);
      if ([...containers.values()].some((c) => c.name === spec.name)) {
        throw new AppError('EngineConflict', `The container name "${spec.name}" is already in use`);
      }
      if (broken.has(spec.image)) throw new AppError('EngineNotFound', `No such image: ${spec.image}`);
      const containerId = `sim${String(++serial).padStart(8, '0')}`;
      containers.set(containerId, {
        containerId,
        name: spec.name,
        image: spec.image,
        labels: { ...spec.labels },
        state: 'created',
        imageId: `sha256:${spec.image}`,
        exitCode: 0,
        oomKilled: false,
        error: '',
        ports: [],
        spec: { ...spec, ports: spec.ports.map((p) => ({ ...p, hostPort: p.hostPort || nextPort++ })) },
      });
      return containerId;
    },
    async startContainer(containerId) {
      const found = need(containerId);
      await call(`start ${found.name}`, delays.startMs);
      const container = need(containerId);
      if (container.state === 'running') return;
      const { network } = container.spec;
      if (network.kind === 'namespace' && takenAddresses.has(network.ip))
        throw new AppError('EngineRefused', 'Address already in use');
      const clash = container.spec.ports.find((p) => takenPorts.has(p.hostPort));
      if (clash) {
        const bind = `Bind for ${clash.hostIp}:${clash.hostPort} failed: port is already allocated`;
        throw new AppError('EngineRefused', `driver failed programming external connectivity: ${bind}`);
      }
      container.state = 'running';
      container.startedAtMs = clock.now();
      delete container.finishedAtMs;
      container.exitCode = 0;
      if (container.spec.network.kind === 'namespace') container.ip = container.spec.network.ip;
      container.ports = container.spec.ports.map((p) => ({ ...p }));
      emit({ type: 'started', containerId, labels: container.labels });
      const {
        isInit,
        exitAfterMs = isInit ? delays.initMs : undefined,
        exitCode = 0,
      } = container.spec.simulated ?? {};
      const { startedAtMs } = container;
      // Of this run only.
      if (exitAfterMs !== undefined)
        clock.after(exitAfterMs, () => container.startedAtMs === startedAtMs && end(container, exitCode));
    },
    async stopContainer(containerId, graceSeconds) {
      const found = containers.get(containerId);
      reach();
      if (found?.state !== 'running') return;
      await call(`stop ${found.name}`, Math.min(delays.stopMs, graceSeconds * 1000));
      end(found, 143);
    },
    async killContainer(containerId) {
      await call(`kill ${containerId}`);
      end(need(containerId), 137);
    },
    async removeContainer(containerId) {
      const found = containers.get(containerId);
      reach();
      if (!found) return;
      await call(`remove ${found.name}`);
      end(found, 137);
      containers.delete(containerId);
      emit({ type: 'removed', containerId, labels: found.labels });
    },
    async exec(containerId) {
      await call(`exec ${need(containerId).name}`);
      return { exitCode: 0, output: '' };
    },
    async *logs(containerId) {
      reach();
      const found = need(containerId);
      yield { stream: 'stdout', data: Buffer.from(`${found.name} is simulated: it runs nothing\n`) };
    },
    async findImage(image) {
      reach();
      return broken.has(image) ? undefined : { imageId: `sha256:${image}` };
    },
    async pullImage(image) {
      await call(`pull ${image}`);
      if (holdsPulls) await new Promise<void>((resolve) => heldPulls.push(resolve));
      if (broken.has(image)) throw new AppError('ImagePull', `manifest for ${image} not found`);
    },
    ...networksAndVolumes(reach),
    watch(handler, signal) {
      if (signal.aborted) return;
      handlers.add(handler);
      signal.addEventListener('abort', () => handlers.delete(handler));
      queueMicrotask(() =>
        handler(away === undefined ? { type: 'connected' } : { type: 'disconnected', reason: away }),
      );
    },
    async close() {
      handlers.clear();
    },
    exit(podName, exitCode = 1, container) {
      for (const c of containers.values()) {
        const is = c.labels[ownerLabel.podName] === podName && c.labels[ownerLabel.container] !== 'POD';
        if (is && (container === undefined || c.labels[ownerLabel.container] === container)) end(c, exitCode);
      }
    },
    onProbe(answer) {
      answers = answer;
    },
    breakImage(image, isBroken = true) {
      if (isBroken) broken.add(image);
      else broken.delete(image);
    },
    holdPulls(held) {
      holdsPulls = held;
      if (!held) for (const release of heldPulls.splice(0)) release();
    },
    takePort(hostPort, taken = true) {
      if (taken) takenPorts.add(hostPort);
      else takenPorts.delete(hostPort);
    },
    takeAddress: (ip) => void takenAddresses.add(ip),
    disconnect(reason = 'the simulated engine does not answer') {
      away = reason;
      emit({ type: 'disconnected', reason });
    },
    connect() {
      away = undefined;
      emit({ type: 'connected' });
    },
    restart({ reportsDeaths = false, lingersMs = 0 } = {}) {
      starts++;
      const comeBack = () => {
        goingDown = false;
        this.disconnect('the simulated engine restarts');
        queueMicrotask(() => queueMicrotask(() => this.connect()));
      };
      if (!reportsDeaths) this.disconnect('the simulated engine restarts');
      for (const c of containers.values()) end(c, 137);
      goingDown = true;
      if (lingersMs > 0) clock.after(lingersMs, comeBack);
      // Deaths are delivered in the next microtask.
      else queueMicrotask(() => queueMicrotask(comeBack));
    },
    containers: () => [...containers.values()],
    calls: () => calls,
  };
}
