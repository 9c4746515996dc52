import type Docker from 'dockerode';
import { ownerLabel } from '../../api/labels.js';
import { AppError } from '../../lib/app-error.js';
import type { ContainerSpec, Engine } from '../engine.js';
import { readArchive, statPath, writeArchive } from './archives.js';
import { attachSession } from './attach-session.js';
import { connect, type EngineConnection, pingEngine } from './connect.js';
import { containerDetails, containerSummary } from './container-details.js';
import { containerLogs } from './container-logs.js';
import { containerUsage } from './container-usage.js';
import { createOptions } from './create-options.js';
import { engineInfo, isDesktop } from './engine-info.js';
import { execInContainer } from './exec-in-container.js';
import { execSession } from './exec-session.js';
import { exhaustMemory } from './exhaust-memory.js';
import { fillVolume } from './fill-volume.js';
import { namespaceNetworks } from './namespace-networks.js';
import { pullImage } from './pull-image.js';
import { orUndefined, settled, translated, translateError } from './translate-error.js';
import { watchEvents } from './watch-events.js';
import { watchImages } from './watch-images.js';

/** The engine port over Docker's API (and Podman's compatible one). Throws EngineUnreachable or EngineTooOld. */
export async function dockerEngine(options: {
  connection: EngineConnection;
  cluster: { name: string; id: string };
}): Promise<Engine> {
  const { connection, cluster } = options;
  const docker = await translated(() => connect(connection));
  const networks = namespaceNetworks(docker, cluster);
  const ownLabel = `${ownerLabel.clusterId}=${cluster.id}`;
  let info = await engineInfo(docker, connection);
  const ending = new AbortController();

  return {
    async info() {
      info = await engineInfo(docker, connection);
      return info;
    },
    async ping() {
      await pingEngine(connection).catch((error: unknown) => {
        throw new AppError('EngineUnreachable', translateError(error).message, { cause: error });
      });
    },
    listContainers: () =>
      translated(async () =>
        (await docker.listContainers({ all: true, filters: { label: [ownLabel] } })).map(containerSummary),
      ),
    inspectContainer: (containerId) =>
      orUndefined(async () => containerDetails(await docker.getContainer(containerId).inspect())),
    createContainer: (spec) =>
      translated(async () => {
        const folders = isDesktop(info.operatingSystem) ? new Map() : await volumeFolders(docker, spec);
        const facts = {
          cpus: info.cpus,
          isPodman: info.kind === 'podman',
          networkName: networks.nameOf,
          folderOf: (volume: string) => folders.get(volume),
        };
        return (await docker.createContainer(createOptions(spec, facts))).id;
      }),
    startContainer: (containerId) => settled(() => docker.getContainer(containerId).start(), false),
    stopContainer: (containerId, graceSeconds) =>
      settled(() => docker.getContainer(containerId).stop({ t: graceSeconds }), true),
    async killContainer(containerId, signal = 'SIGKILL') {
      try {
        await docker.getContainer(containerId).kill({ signal });
      } catch (error) {
        // Not running any more is what was wanted.
        if (!/is not running/.test(translateError(error).message)) throw translateError(error);
      }
    },
    pauseContainer: (containerId) => translated(() => docker.getContainer(containerId).pause()),
    unpauseContainer: (containerId) => translated(() => docker.getContainer(containerId).unpause()),
    exhaustMemory: (containerId) => exhaustMemory(docker, containerId),
    removeContainer: (containerId) =>
      settled(() => docker.getContainer(containerId).remove({ force: true, v: true }), true),
    exec: (containerId, command, execOptions) => execInContainer(docker, containerId, command, execOptions),
    openAttach: (containerId, attachOptions) => attachSession(docker, containerId, attachOptions),
    openExec: (containerId, execOptions) => execSession(docker, containerId, execOptions),
    statPath: (containerId, path) => statPath(docker, containerId, path),
    readArchive: (containerId, path) => readArchive(docker, containerId, path),
    writeArchive: (containerId, folder, archive) => writeArchive(docker, containerId, folder, archive),
    containerUsage: (containerId) => containerUsage(docker, containerId),
    logs: (containerId, logOptions) => containerLogs(docker, containerId, logOptions),
    findImage: (image) =>
      orUndefined(async () => {
        const found = await docker.getImage(image).inspect();
        const config = found.Config as { StopSignal?: string; User?: string } | undefined;
        return {
          imageId: found.Id,
          ...(config?.StopSignal && { stopSignal: config.StopSignal }),
          ...(config?.User && { user: config.User }),
        };
      }),
    pullImage: (image, pullOptions) => pullImage(docker, image, pullOptions),
    ensureNetwork: networks.ensure,
    removeNetwork: networks.remove,
    listNetworks: networks.list,
    async ensureVolume(name, labels, volumeOptions = {}) {
      const { tmpfsBytes } = volumeOptions;
      const tmpfs = {
        type: 'tmpfs',
        device: 'tmpfs',
        o: `mode=1777${tmpfsBytes ? `,size=${tmpfsBytes}` : ''}`,
      };
      await translated(() =>
        docker.createVolume({
          Name: name,
          Labels: labels,
          ...('tmpfsBytes' in volumeOptions && { DriverOpts: tmpfs }),
        }),
      );
    },
    fillVolume: (name, entries, labels) => fillVolume(docker, name, entries, labels, info.kind === 'podman'),
    listVolumes: () =>
      translated(async () => {
        const { Volumes } = await docker.listVolumes({ filters: { label: [ownLabel] } });
        // Null where there is none.
        return ((Volumes as typeof Volumes | null) ?? []).map(({ Name, Labels }) => ({
          name: Name,
          labels: Labels,
        }));
      }),
    removeVolume: (name) => settled(() => docker.getVolume(name).remove(), true),
    watch(handler, signal) {
      watchEvents(docker, ownLabel, handler, AbortSignal.any([signal, ending.signal]));
    },
    watchImages: (handler, signal) => watchImages(docker, handler, AbortSignal.any([signal, ending.signal])),
    close: () => Promise.resolve(ending.abort()),
  };
}

/** Where the engine keeps the volumes of which the container mounts a part. */
async function volumeFolders(docker: Docker, { mounts }: ContainerSpec): Promise<Map<string, string>> {
  const names = mounts.flatMap((each) =>
    each.kind === 'volume' && each.subPath !== undefined ? [each.volume] : [],
  );
  return new Map(
    await Promise.all(
      [...new Set(names)].map(
        async (name) => [name, (await docker.getVolume(name).inspect()).Mountpoint] as const,
      ),
    ),
  );
}
