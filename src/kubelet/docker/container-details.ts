import type { ContainerInfo, ContainerInspectInfo } from 'dockerode';
import type { ContainerDetails, ContainerSummary } from '../engine.js';

const states: Record<string, ContainerSummary['state']> = {
  created: 'created',
  configured: 'created',
  running: 'running',
  paused: 'paused',
  restarting: 'restarting',
  removing: 'removing',
  exited: 'exited',
  stopped: 'exited',
  dead: 'dead',
};

export const containerSummary = (info: ContainerInfo): ContainerSummary => ({
  containerId: info.Id,
  name: (info.Names[0] ?? '').replace(/^\//, ''),
  image: info.Image,
  labels: info.Labels,
  state: states[info.State] ?? 'dead',
});

/** What the engine says of one container. A time before 1971 is how it says "never". */
export function containerDetails(info: ContainerInspectInfo): ContainerDetails {
  const { State: state, NetworkSettings: network } = info;
  const startedAtMs = Date.parse(state.StartedAt);
  const finishedAtMs = Date.parse(state.FinishedAt);
  const ip = Object.values(network.Networks).find((each) => each.IPAddress)?.IPAddress;
  return {
    containerId: info.Id,
    name: info.Name.replace(/^\//, ''),
    image: info.Config.Image,
    labels: info.Config.Labels,
    state: states[state.Status] ?? 'dead',
    imageId: info.Image,
    ...(startedAtMs > 0 && { startedAtMs }),
    ...(finishedAtMs > 0 && !state.Running && { finishedAtMs }),
    exitCode: state.ExitCode,
    oomKilled: state.OOMKilled,
    error: state.Error,
    inspect: inspectFacts(info),
    ...(ip && { ip }),
    ports: Object.entries(
      network.Ports as Record<string, { HostIp: string; HostPort: string }[] | null>,
    ).flatMap(([key, bindings]) =>
      (bindings ?? []).map(({ HostIp, HostPort }) => ({
        containerPort: Number(key.split('/')[0]),
        protocol: key.split('/')[1] ?? 'tcp',
        hostIp: HostIp,
        hostPort: Number(HostPort),
      })),
    ),
  };
}

/** The part of the engine's answer that explains an end. Variables by their names only: some are secret. */
function inspectFacts({ Config: config, HostConfig: host, State: state }: ContainerInspectInfo): object {
  return {
    user: config.User,
    workingDir: config.WorkingDir,
    variables: ((config.Env as string[] | null) ?? []).map((each) => each.split('=')[0]),
    memoryBytes: host.Memory,
    nanoCpus: host.NanoCpus,
    shmBytes: host.ShmSize,
    oomKilled: state.OOMKilled,
    pid: state.Pid,
  };
}
