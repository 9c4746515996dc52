import { ownerLabel } from '../../src/api/labels.js';
import type { EngineConnection } from '../../src/kubelet/docker/connect.js';
import { dockerEngine } from '../../src/kubelet/docker/docker-engine.js';
import { findEngine } from '../../src/kubelet/docker/find-engine.js';
import { ensurePauseImage } from '../../src/kubelet/docker/pause-image.js';
import type { Engine } from '../../src/kubelet/engine.js';
import { systemClock } from '../../src/lib/clock.js';
import type { Bed } from '../scenarios/harness.js';
import { busyboxImage, ensureBusyboxImage } from './busybox-image.js';

export { busyboxImage };

/** The real engine under a cluster name of its own, with a test image made of this machine's static busybox. */
export async function dockerBed(name: string, given?: EngineConnection): Promise<Bed & { engine: Engine }> {
  const connection = given ?? (await findEngine());
  const images = await ensureBusyboxImage(connection);
  // Names are the engine's, not the cluster's: a run that was killed must not be in the way of the next.
  const cluster = { name: `test-${name}-${process.pid}`, id: `test-${name}-${process.pid}` };
  const engine = await dockerEngine({ connection, cluster });
  await ensurePauseImage(images, (await engine.info()).architecture);
  return {
    engine,
    clock: systemClock,
    cluster,
    image: busyboxImage,
    patience: 4800,
    turn: () => new Promise((resolve) => setTimeout(resolve, 50)),
    async allow(podName) {
      for (const each of await engine.listContainers()) {
        if (each.labels[ownerLabel.podName] !== podName || each.state !== 'running') continue;
        await engine
          .exec(each.containerId, ['/bin/busybox', 'touch', '/ready'], { timeoutMs: 5000 })
          .catch(() => {});
      }
    },
    async fail(podName) {
      for (const each of await engine.listContainers()) {
        if (each.labels[ownerLabel.podName] !== podName || each.labels[ownerLabel.container] === 'POD')
          continue;
        // Killed behind the kubelet's back, as an out-of-memory killer or a segmentation fault would.
        await engine.stopContainer(each.containerId, 0);
      }
    },
    badImage: 'minithena/none:bad',
    async close() {
      const left = await engine.listContainers();
      const isSandbox = (each: (typeof left)[number]) => each.labels[ownerLabel.container] === 'POD';
      // Podman keeps what others are joined to.
      for (const group of [left.filter((each) => !isSandbox(each)), left.filter(isSandbox)])
        await Promise.all(group.map((each) => engine.removeContainer(each.containerId)));
      for (const namespace of (await engine.listNetworks?.()) ?? []) await engine.removeNetwork(namespace);
      for (const volume of await engine.listVolumes()) await engine.removeVolume(volume.name);
      await engine.close();
    },
  };
}
