import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { execa } from 'execa';
import type { EngineInfo } from '../kubelet/engine.js';

export interface DiscoveredGpus {
  readonly ids: readonly string[];
  /** Why there are none although something speaks for some, and what to do. */
  readonly note?: string;
}

/** The NVIDIA devices that the engine can hand to containers. Never throws: what cannot be found is not there. */
export async function discoverGpus(info: EngineInfo): Promise<DiscoveredGpus> {
  if (info.kind === 'simulated') return { ids: [] };
  const listed = info.isLocal ? await listDevices() : [];
  return chooseGpus(info, listed, info.isLocal === true && hasHook(process.env.PATH ?? ''));
}

/** Pure. `listed`: UUIDs of this machine's devices; `hook`: the NVIDIA container toolkit is installed here. */
export function chooseGpus(
  { runtimes = [], cdiDevices = [], isLocal }: EngineInfo,
  listed: readonly string[],
  hook: boolean,
): DiscoveredGpus {
  const hasRuntime = runtimes.includes('nvidia');
  if (listed.length > 0 && (hasRuntime || hook)) return { ids: listed };
  // "all" names every device at once; a device is named by its index or its UUID, whichever the engine says.
  const named = cdiDevices.filter((id) => /^nvidia\.com\/gpu=(?!all$)/.test(id));
  const byIndex = named.filter((id) => /=\d+$/.test(id));
  const cdi = byIndex.length > 0 ? byIndex : named;
  if (cdi.length > 0) return { ids: cdi };
  if (listed.length > 0) {
    return {
      ids: [],
      note: `${listed.length} NVIDIA GPUs are here, and the engine cannot hand them to containers: install the NVIDIA Container Toolkit`,
    };
  }
  if (hasRuntime && !isLocal)
    return {
      ids: [],
      note: 'the engine of another machine has the nvidia runtime: say with --gpus COUNT which GPUs it has',
    };
  return { ids: [] };
}

/** UUIDs from `nvidia-smi -L`; parts of a device (MIG) are not devices. Pure. */
export const uuidsOf = (output: string): string[] =>
  output.split('\n').flatMap((line) => /^GPU \d+:.*\(UUID: (GPU-[^)\s]+)\)/.exec(line)?.[1] ?? []);

async function listDevices(): Promise<string[]> {
  const { stdout, failed } = await execa('nvidia-smi', ['-L'], {
    reject: false,
    timeout: 10_000,
    stdin: 'ignore',
  });
  return failed ? [] : uuidsOf(stdout ?? '');
}

const hasHook = (path: string): boolean =>
  [...path.split(delimiter), '/usr/bin', '/usr/local/bin'].some((folder) =>
    existsSync(join(folder, 'nvidia-container-runtime-hook')),
  );
