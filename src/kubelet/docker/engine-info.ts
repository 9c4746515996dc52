import type Docker from 'dockerode';
import type { EngineInfo } from '../engine.js';
import type { EngineConnection } from './connect.js';
import { orUndefined, translated } from './translate-error.js';

/** It runs in a machine of its own and binds only folders of this one. */
export const isDesktop = (operatingSystem: string): boolean => /Docker Desktop/.test(operatingSystem);

/** It has a network of its own, of which this machine sees nothing but the published ports. */
const isRootless = (securityOptions: readonly string[]): boolean =>
  securityOptions.some((each) => each.split(',').includes('name=rootless'));

/** What the engine is and has. Throws EngineUnreachable. */
export async function engineInfo(docker: Docker, connection: EngineConnection): Promise<EngineInfo> {
  const [about, version, startMark] = await translated(() =>
    Promise.all([
      docker.info() as Promise<
        Record<string, string | number> & {
          SecurityOptions?: string[] | null;
          Runtimes?: Record<string, unknown> | null;
          DiscoveredDevices?: { Source: string; ID: string }[] | null;
        }
      >,
      docker.version() as unknown as Promise<{
        Version: string;
        ApiVersion: string;
        Components?: { Name: string }[];
      }>,
      bridgeId(docker),
    ]),
  );
  const isPodman = version.Components?.some(({ Name }) => /podman/i.test(Name)) === true;
  const cpus = Number(about.NCPU);
  const operatingSystem = String(about.OperatingSystem);
  return {
    // Podman thinks of another one whenever it is asked.
    engineId: isPodman ? `podman ${about.Name} ${about.DockerRootDir}` : String(about.ID || about.Name),
    kind: isPodman ? 'podman' : 'docker',
    version: version.Version,
    apiVersion: version.ApiVersion,
    operatingSystem,
    architecture: String(about.Architecture),
    ...(about.KernelVersion && { kernelVersion: String(about.KernelVersion) }),
    cpus,
    memoryBytes: Number(about.MemTotal),
    hostReachesPods:
      process.platform === 'linux' &&
      connection.isLocal &&
      !isDesktop(operatingSystem) &&
      !isRootless(about.SecurityOptions ?? []),
    isLocal: connection.isLocal,
    ...(about.Runtimes && { runtimes: Object.keys(about.Runtimes) }),
    ...(about.DiscoveredDevices && {
      cdiDevices: about.DiscoveredDevices.flatMap(({ Source, ID }) => (Source === 'cdi' ? [ID] : [])),
    }),
    concurrency: Math.min(8, Math.max(2, cpus)),
    ...(startMark !== undefined && { startMark }),
  };
}

/** Docker makes its default bridge anew at every start, and only then. */
async function bridgeId(docker: Docker): Promise<string | undefined> {
  const found = await orUndefined(
    async () => (await docker.getNetwork('bridge').inspect()) as { Id: string },
  );
  return found?.Id;
}
