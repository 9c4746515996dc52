import { dockerEngine } from '../kubelet/docker/docker-engine.js';
import { findEngine } from '../kubelet/docker/find-engine.js';
import { standInImage } from '../lib/stand-in-image.js';
import { discoverGpus } from './discover-gpus.js';

export interface EngineReport {
  readonly kind: string;
  readonly version: string;
  readonly apiVersion: string;
  /** How and where it was found, e.g. "DOCKER_HOST (tcp://…)". */
  readonly foundAt: string;
  /** What else is worth knowing, in the order to show it. */
  readonly facts: readonly (readonly [name: string, found: string])[];
  readonly hasStandIn: boolean;
}

/** The engine as `doctor` shows it, without a daemon and without changing anything. Throws what finding and asking it throws. */
export async function examineEngine(options: { host?: string }): Promise<EngineReport> {
  const connection = await findEngine(options);
  const engine = await dockerEngine({ connection, cluster: { name: 'doctor', id: 'doctor' } });
  try {
    const info = await engine.info();
    const gpus = await discoverGpus(info);
    const image = await engine.findImage(standInImage);
    const gib = (info.memoryBytes / 2 ** 30).toFixed(1);
    return {
      kind: info.kind,
      version: info.version,
      apiVersion: info.apiVersion,
      foundAt: `${connection.from} (${connection.address})`,
      facts: [
        ['engine system', `${info.operatingSystem}, ${info.architecture}, ${info.cpus} cpus, ${gib} GiB`],
        [
          'pod addresses',
          info.hostReachesPods ? 'reached from this machine' : 'reached by published ports only',
        ],
        [
          'GPUs',
          gpus.note ?? (gpus.ids.length === 0 ? 'none' : `${gpus.ids.length}: ${gpus.ids.join(', ')}`),
        ],
      ],
      hasStandIn: image !== undefined,
    };
  } finally {
    await engine.close();
  }
}
