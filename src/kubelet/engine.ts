import type { Readable } from 'node:stream';
import type { ExecOptions, ExecSession, PathFacts } from '../api/pod-sessions.js';
import type { ContainerUsage } from '../api/types/metrics.js';

/**
 * The engine port: all that the kubelet asks of a container engine, in our nouns. Two adapters: kubelet/docker and kubelet/simulated.
 * Quirks end at the adapter: 304 and 404 on stop and remove are success, errors are AppErrors (EngineUnreachable, EngineRefused,
 * EngineNotFound, EngineConflict, ImagePull) with the engine's own words in `message`.
 */
export interface Engine {
  info(): Promise<EngineInfo>;
  /**
   * Asks for a sign of life on a new connection; throws EngineUnreachable. An engine that is going down refuses those at once, while it
   * still reports deaths and answers on old connections for as long as its containers take to stop.
   */
  ping?(): Promise<void>;
  /** All containers of this cluster id, running or not. */
  listContainers(): Promise<ContainerSummary[]>;
  /** undefined when there is no such container. */
  inspectContainer(containerId: string): Promise<ContainerDetails | undefined>;
  /** Throws EngineConflict when the name is taken, EngineNotFound when the image is absent. */
  createContainer(spec: ContainerSpec): Promise<string>;
  startContainer(containerId: string): Promise<void>;
  /** Stop signal, grace, SIGKILL; resolves when it is stopped. A second call with a shorter grace takes effect. */
  stopContainer(containerId: string, graceSeconds: number): Promise<void>;
  killContainer(containerId: string, signal?: string): Promise<void>;
  /** Freezes its processes, and lets them go on. Absent where the engine has no such thing. */
  pauseContainer?(containerId: string): Promise<void>;
  unpauseContainer?(containerId: string): Promise<void>;
  /** Lets it run out of memory and die of it. Throws EngineRefused. */
  exhaustMemory?(containerId: string): Promise<void>;
  /** Also when running. Resolves when the container is gone; anonymous volumes go with it. */
  removeContainer(containerId: string): Promise<void>;
  /** exitCode 126/127 for commands that cannot run; output is stdout and stderr, the first 10 KiB. */
  exec(
    containerId: string,
    command: readonly string[],
    options: { timeoutMs: number },
  ): Promise<{ exitCode: number; output: string }>;
  /** A command with its streams, for people; absent where the engine has no such thing. */
  openExec?(containerId: string, options: ExecOptions): Promise<ExecSession>;
  /** The streams of the container's own process, from now on. Absent like `openExec`. */
  openAttach?(containerId: string, options: { stdin: boolean }): Promise<ExecSession>;
  /** What stands at a path, also in a container that does not run; undefined where nothing does. Absent like `openExec`. */
  statPath?(containerId: string, path: string): Promise<PathFacts | undefined>;
  /** A file or folder as a tar archive, its own name first. */
  readArchive?(containerId: string, path: string): Promise<Readable>;
  writeArchive?(containerId: string, folder: string, archive: Readable): Promise<void>;
  /** What a running container uses, measured over about a second; undefined for one that does not run. Absent like `openExec`. */
  containerUsage?(containerId: string): Promise<EngineUsage | undefined>;
  logs(containerId: string, options: LogOptions): AsyncIterable<LogChunk>;
  /** undefined when the image is not local. */
  findImage(image: string): Promise<{ imageId: string; stopSignal?: string; user?: string } | undefined>;
  /** Throws ImagePull with the registry's own words. */
  pullImage(image: string, options: PullOptions): Promise<void>;
  /** Creates the bridge network of the namespace when absent, with a subnet that clashes with none. */
  ensureNetwork(namespace: string): Promise<NetworkInfo>;
  removeNetwork(namespace: string): Promise<void>;
  /** Namespaces that this cluster id has a network for. */
  listNetworks?(): Promise<string[]>;
  ensureVolume(
    name: string,
    labels: Record<string, string>,
    options?: { tmpfsBytes?: number },
  ): Promise<void>;
  /**
   * Writes files into a volume, one after another; what is there is replaced. `labels` are for whatever the engine needs to make for it, so
   * that it is known as ours.
   */
  fillVolume(name: string, entries: readonly VolumeEntry[], labels: Record<string, string>): Promise<void>;
  /** Volumes of this cluster id. */
  listVolumes(): Promise<{ name: string; labels: Record<string, string> }[]>;
  removeVolume(name: string): Promise<void>;
  /**
   * Container events of this cluster id, until the signal aborts. Reconnects for ever by itself: `connected` after every (re)connect (the
   * consumer then lists and compares), `disconnected` with the reason when contact is lost, and when there is another reason why it still is.
   */
  watch(handler: (event: EngineEvent) => void, signal: AbortSignal): void;
  /** Says that an image came in or got a name, by whatever means; which one is not said. Absent where the engine has no such thing. */
  watchImages?(handler: () => void, signal: AbortSignal): void;
  close(): Promise<void>;
}

/** What stands at a path below a volume; `.` is the volume itself. Owned by root and the group. */
export type VolumeEntry =
  /** unlessThere: what stands at the path already stays as it is. */
  | { path: string; kind: 'directory'; mode: number; gid: number; unlessThere?: boolean }
  | { path: string; kind: 'file'; content: Uint8Array; mode: number; gid: number }
  | { path: string; kind: 'link'; target: string };

export interface PullOptions {
  /** Credentials for the image's registry; absent: anonymous. */
  auth?: RegistryAuth;
  /** Called as the engine reports, some ten times a second. */
  onProgress?: (progress: PullProgress) => void;
  signal?: AbortSignal;
}
export interface RegistryAuth {
  username?: string;
  password?: string;
  /** An OAuth refresh token in place of name and password. */
  identitytoken?: string;
  serveraddress: string;
}
/** Layers that are there already count as done; `totalBytes` grows while layers are still being announced. */
export interface PullProgress {
  doneBytes: number;
  totalBytes: number;
  layersDone: number;
  layersTotal: number;
}

export interface EngineInfo {
  /** Stable identity of the engine (Docker's ID). */
  engineId: string;
  /** docker, podman, simulated */
  kind: string;
  version: string;
  apiVersion: string;
  operatingSystem: string;
  architecture: string;
  kernelVersion?: string;
  cpus: number;
  memoryBytes: number;
  /** False on Docker Desktop, Colima and remote engines: probes and clients then go through published ports. */
  hostReachesPods: boolean;
  /** False where the engine runs on another machine, with files of its own. */
  isLocal?: boolean;
  /** Names of the OCI runtimes it has, e.g. runc, nvidia; absent where it does not tell. */
  runtimes?: readonly string[];
  /** Devices by their CDI names, where the engine knows of any. */
  cdiDevices?: readonly string[];
  /** How many creates and starts at once it bears. */
  concurrency: number;
  /** Something that changes whenever the engine or its machine starts; absent where the engine has no such thing. */
  startMark?: string;
}

export interface ContainerSpec {
  name: string;
  image: string;
  labels: Record<string, string>;
  hostname?: string;
  /** Kubernetes' command and args; absent means the image's own. */
  entrypoint?: string[];
  command?: string[];
  env: { name: string; value: string }[];
  workingDir?: string;
  tty?: boolean;
  stdin?: boolean;
  /** Input ends when the first that was attached goes. */
  stdinOnce?: boolean;
  /** Exactly one: a namespace network with a fixed address, another container's network and IPC, the host's, or none at all. */
  network:
    | { kind: 'namespace'; namespace: string; ip: string; aliases: string[] }
    | { kind: 'container'; containerId: string }
    | { kind: 'host' }
    | { kind: 'none' };
  /** Published ports; hostPort 0 means any free one. */
  ports: { containerPort: number; protocol: 'tcp' | 'udp' | 'sctp'; hostIp: string; hostPort: number }[];
  mounts: (
    | { kind: 'bind'; hostPath: string; path: string; readOnly: boolean }
    | { kind: 'volume'; volume: string; path: string; readOnly: boolean; subPath?: string }
    | { kind: 'tmpfs'; path: string; sizeBytes?: number }
  )[];
  shmBytes?: number;
  cpuNanos?: number;
  memoryBytes?: number;
  extraHosts?: { hostname: string; ip: string }[];
  dns?: { servers: string[]; searches: string[]; options: string[] };
  sysctls?: Record<string, string>;
  /** Absent: the image's. */
  stopSignal?: string;
  /** One of EngineInfo.runtimes. */
  runtime?: string;
  devices?: { gpuIds: string[] };
  security?: {
    capabilitiesAdd?: string[];
    capabilitiesDrop?: string[];
    privileged?: boolean;
    readOnlyRootFilesystem?: boolean;
    noNewPrivileges?: boolean;
    user?: string;
    groupAdd?: string[];
    seccompUnconfined?: boolean;
    /** Name of a loaded profile, or `unconfined`. */
    appArmor?: string;
    /** /proc without the engine's masks. */
    unmaskedProc?: boolean;
    memlockUnlimited?: boolean;
  };
  hostIpc?: boolean;
  hostPid?: boolean;
  /** For the simulated engine alone: what becomes of the container once it has started. */
  simulated?: { isInit?: boolean; readyAfterMs?: number; exitAfterMs?: number; exitCode?: number };
  /** Processes are seen by, and see, those of that container. */
  pidOf?: string;
}

export interface ContainerSummary {
  containerId: string;
  name: string;
  image: string;
  labels: Record<string, string>;
  state: 'created' | 'running' | 'paused' | 'restarting' | 'removing' | 'exited' | 'dead';
}

export interface ContainerDetails extends ContainerSummary {
  imageId: string;
  /** Epoch ms; undefined when it never started / has not finished. */
  startedAtMs?: number;
  finishedAtMs?: number;
  exitCode: number;
  oomKilled: boolean;
  /** The engine's own words, e.g. why a start failed. */
  error: string;
  ip?: string;
  ports: { containerPort: number; protocol: string; hostIp: string; hostPort: number }[];
  /** For people who look for the cause of a failure; never values of variables. */
  inspect?: object;
}

export type EngineUsage = Omit<ContainerUsage, 'container'>;

export interface NetworkInfo {
  networkId: string;
  /** CIDR, e.g. 172.28.0.0/20 */
  subnet: string;
  gateway: string;
}

export interface LogOptions {
  follow?: boolean;
  tail?: number;
  sinceMs?: number;
  timestamps?: boolean;
  signal?: AbortSignal;
}
export interface LogChunk {
  stream: 'stdout' | 'stderr';
  data: Uint8Array;
}

export type EngineEvent =
  | { type: 'connected' }
  | { type: 'disconnected'; reason: string }
  | { type: 'started'; containerId: string; labels: Record<string, string> }
  | { type: 'died'; containerId: string; labels: Record<string, string>; exitCode: number }
  | { type: 'oom'; containerId: string; labels: Record<string, string> }
  | { type: 'removed'; containerId: string; labels: Record<string, string> };
