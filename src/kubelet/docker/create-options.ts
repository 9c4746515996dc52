import type { ContainerCreateOptions, HostConfig, MountSettings } from 'dockerode';
import type { ContainerSpec } from '../engine.js';

export interface EngineFacts {
  cpus: number;
  isPodman: boolean;
  networkName(namespace: string): string;
  /** Where the engine keeps a volume's files, for those of which only a folder is mounted; undefined where that path cannot be mounted. */
  folderOf(volume: string): string | undefined;
}

/** A container in our nouns as the body of the engine's create call. Pure. */
export function createOptions(spec: ContainerSpec, engine: EngineFacts): ContainerCreateOptions {
  const { network } = spec;
  return {
    name: spec.name,
    Image: spec.image,
    Labels: spec.labels,
    Env: spec.env.map(({ name, value }) => `${name}=${value}`),
    ...(spec.hostname !== undefined && { Hostname: spec.hostname }),
    ...(spec.entrypoint && { Entrypoint: spec.entrypoint }),
    ...(spec.command && { Cmd: spec.command }),
    ...(spec.stopSignal !== undefined && { StopSignal: spec.stopSignal }),
    ...(spec.workingDir !== undefined && { WorkingDir: spec.workingDir }),
    ...(spec.tty && { Tty: true }),
    ...(spec.stdin && { OpenStdin: true, StdinOnce: spec.stdinOnce === true }),
    ...(spec.security?.user !== undefined && { User: spec.security.user }),
    ExposedPorts: Object.fromEntries(spec.ports.map((port) => [keyOf(port), {}])),
    HostConfig: hostConfig(spec, engine),
    ...(network.kind === 'namespace' && {
      NetworkingConfig: {
        EndpointsConfig: {
          [engine.networkName(network.namespace)]: {
            IPAMConfig: { IPv4Address: network.ip },
            Aliases: network.aliases,
          },
        },
      },
    }),
  };
}

function hostConfig(spec: ContainerSpec, engine: EngineFacts): HostConfig {
  const { security = {} } = spec;
  const joined = spec.network.kind === 'container' ? `container:${spec.network.containerId}` : undefined;
  const options = [
    ...(security.noNewPrivileges ? ['no-new-privileges'] : []),
    ...(security.seccompUnconfined ? ['seccomp=unconfined'] : []),
    ...(security.appArmor !== undefined ? [`apparmor=${security.appArmor}`] : []),
  ];
  return {
    RestartPolicy: { Name: 'no' },
    NetworkMode: joined ?? networkMode(spec, engine.networkName),
    IpcMode: spec.hostIpc ? 'host' : (joined ?? 'shareable'),
    PortBindings: Object.fromEntries(
      spec.ports.map((port) => [
        keyOf(port),
        [{ HostIp: port.hostIp, HostPort: port.hostPort === 0 ? '' : String(port.hostPort) }],
      ]),
    ),
    Mounts: spec.mounts.filter((each) => !bindOf(each, engine)).map(mountSettings),
    Binds: spec.mounts.flatMap((each) => bindOf(each, engine) ?? []),
    ...(spec.hostPid && { PidMode: 'host' }),
    ...(spec.pidOf !== undefined && { PidMode: `container:${spec.pidOf}` }),
    ...(spec.dns && { Dns: spec.dns.servers, DnsSearch: spec.dns.searches, DnsOptions: spec.dns.options }),
    ...(spec.sysctls && { Sysctls: spec.sysctls }),
    ...(spec.runtime !== undefined && { Runtime: spec.runtime }),
    ...(spec.shmBytes !== undefined && !joined && { ShmSize: spec.shmBytes }),
    // A limit above what the engine has is refused by it; as much as there is comes to the same.
    ...(spec.cpuNanos !== undefined && { NanoCpus: Math.min(spec.cpuNanos, engine.cpus * 1e9) }),
    ...(spec.memoryBytes !== undefined && { Memory: spec.memoryBytes, MemorySwap: spec.memoryBytes }),
    ...(spec.extraHosts && { ExtraHosts: spec.extraHosts.map(({ hostname, ip }) => `${hostname}:${ip}`) }),
    ...(spec.devices && {
      DeviceRequests: deviceRequests(spec.devices.gpuIds),
    }),
    ...(security.capabilitiesAdd && { CapAdd: security.capabilitiesAdd }),
    ...(security.capabilitiesDrop && { CapDrop: security.capabilitiesDrop }),
    ...(security.privileged && { Privileged: true }),
    ...(security.readOnlyRootFilesystem && { ReadonlyRootfs: true }),
    ...(security.unmaskedProc && { MaskedPaths: [], ReadonlyPaths: [] }),
    ...(security.groupAdd && { GroupAdd: security.groupAdd }),
    ...(security.memlockUnlimited && { Ulimits: [{ Name: 'memlock', Soft: -1, Hard: -1 }] }),
    ...(options.length > 0 && { SecurityOpt: options }),
    // Podman has a log driver of its own.
    ...(!engine.isPodman && {
      LogConfig: { Type: 'json-file', Config: { 'max-size': '10m', 'max-file': '3' } },
    }),
  };
}

function networkMode({ network }: ContainerSpec, networkName: (namespace: string) => string): string {
  if (network.kind === 'namespace') return networkName(network.namespace);
  return network.kind === 'host' ? 'host' : 'none';
}

/**
 * A folder of a volume as a bind in the old notation: engines before API 1.45 silently mount the whole volume instead, later ones refuse a
 * folder that does not exist yet, and this notation makes it.
 */
function bindOf(mount: ContainerSpec['mounts'][number], engine: EngineFacts): string | undefined {
  if (mount.kind !== 'volume' || mount.subPath === undefined) return undefined;
  const folder = engine.folderOf(mount.volume);
  if (folder === undefined) return undefined;
  return `${folder}/${mount.subPath}:${mount.path}${mount.readOnly ? ':ro' : ''}`;
}

function mountSettings(mount: ContainerSpec['mounts'][number]): MountSettings {
  switch (mount.kind) {
    case 'bind':
      return { Type: 'bind', Source: mount.hostPath, Target: mount.path, ReadOnly: mount.readOnly };
    case 'volume':
      return {
        Type: 'volume',
        Source: mount.volume,
        Target: mount.path,
        ReadOnly: mount.readOnly,
        // A volume of Kubernetes begins empty, whatever the image has at that place.
        VolumeOptions: { NoCopy: true, ...(mount.subPath !== undefined && { Subpath: mount.subPath }) },
      } as MountSettings;
    case 'tmpfs':
      return {
        Type: 'tmpfs',
        Source: '',
        Target: mount.path,
        ...(mount.sizeBytes !== undefined && { TmpfsOptions: { SizeBytes: mount.sizeBytes, Mode: 0o1777 } }),
      };
  }
}

/** By ids only: an engine refuses a request that has a count too. Names of the Container Device Interface contain a "=". */
function deviceRequests(ids: readonly string[]): NonNullable<HostConfig['DeviceRequests']> {
  const cdi = ids.filter((id) => id.includes('='));
  const plain = ids.filter((id) => !id.includes('='));
  return [
    ...(plain.length > 0 ? [{ Driver: '', DeviceIDs: plain, Capabilities: [['gpu']] }] : []),
    ...(cdi.length > 0 ? [{ Driver: 'cdi', DeviceIDs: cdi }] : []),
  ];
}

const keyOf = (port: ContainerSpec['ports'][number]): string => `${port.containerPort}/${port.protocol}`;
