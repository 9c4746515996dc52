import { imageBuilder } from '../kubelet/docker/build-image.js';
import { dockerEngine } from '../kubelet/docker/docker-engine.js';
import { findEngine } from '../kubelet/docker/find-engine.js';
import { otherClusterIds } from '../kubelet/docker/other-cluster-ids.js';
import { ensurePauseImage } from '../kubelet/docker/pause-image.js';
import type { Engine } from '../kubelet/engine.js';
import { simulatedEngine } from '../kubelet/simulated/simulated-engine.js';
import { AppError } from '../lib/app-error.js';
import { systemClock } from '../lib/clock.js';
import type { Logger } from '../lib/logger.js';
import { standInImage } from '../lib/stand-in-image.js';
import { ensureStandIn } from '../standin/ensure-stand-in.js';
import type { OpenState } from './open-state.js';

export interface OpenEngineOptions {
  name: string;
  kind: 'docker' | 'simulated';
  host?: string;
  adopt: boolean;
  state: OpenState;
  logger: Logger;
}

/** Slow enough that a person sees the stages pass. */
const visibleDelays = { createMs: 50, startMs: 1200, stopMs: 600, initMs: 800 };

/**
 * The engine of a cluster. Throws EngineUnreachable, EnginePermission, EngineTooOld; EngineChanged when it is not the one the state was made
 * on; ForeignCluster when containers of another id carry the cluster's name, unless they are to be adopted.
 */
export async function openEngine(options: OpenEngineOptions): Promise<Engine> {
  const { name, kind, host, adopt, state, logger } = options;
  if (kind === 'simulated') {
    refuseOther(state, 'simulated');
    const cluster = { name, id: state.current.clusterId };
    return simulatedEngine({ clock: systemClock, cluster, delays: visibleDelays });
  }
  const connection = await findEngine(host === undefined ? {} : { host });
  const [foreign] = await otherClusterIds(connection, { name, id: state.current.clusterId });
  if (foreign !== undefined) {
    if (!adopt) {
      throw new AppError(
        'ForeignCluster',
        `containers of another cluster (id ${foreign}) carry the name "${name}"`,
        {
          hint: 'use --cluster with another name, or --adopt if they are yours and the state directory was lost',
        },
      );
    }
    state.update({ clusterId: foreign });
  }
  const engine = await dockerEngine({ connection, cluster: { name, id: state.current.clusterId } });
  const { engineId, architecture } = await engine.info();
  refuseOther(state, engineId);
  const images = await imageBuilder(connection);
  const { built } = await ensurePauseImage(images, architecture);
  if (built) logger.info({}, 'the pause image was built');
  return {
    ...engine,
    // Built when a pod first asks for it, and again when somebody removed it.
    async findImage(image) {
      if (image === standInImage) await ensureStandIn({ images, logger });
      return engine.findImage(image);
    },
  };
}

function refuseOther(state: OpenState, engineId: string): void {
  const before = state.current.engineId;
  if (before !== undefined && before !== engineId) {
    throw new AppError(
      'EngineChanged',
      `this cluster runs on the engine ${before}, and ${engineId} answers`,
      {
        hint: 'name its own engine with --host or --engine, or use another cluster with --cluster NAME',
      },
    );
  }
  if (before === undefined) state.update({ engineId });
}
