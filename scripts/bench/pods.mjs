import Docker from 'dockerode';
import { imageBuilder } from '../../dist/kubelet/docker/build-image.js';
import { dockerEngine } from '../../dist/kubelet/docker/docker-engine.js';
import { findEngine } from '../../dist/kubelet/docker/find-engine.js';
import { silentLogger } from '../../dist/lib/logger.js';
import { standInImage } from '../../dist/lib/stand-in-image.js';
import { ensureStandIn } from '../../dist/standin/ensure-stand-in.js';
import { median, ms } from './median.mjs';
import { cluster, serving, startParts } from './parts.mjs';

const count = 16;

/** 16 one-container pods of one ServingGroup, from the save to all started, against the same containers by raw calls with the same concurrency. */
export async function run() {
  const connection = await findEngine();
  await ensureStandIn({ images: await imageBuilder(connection), logger: silentLogger });
  const engine = await dockerEngine({ connection, cluster });
  const docker = new Docker(connection.options);
  const { concurrency } = await engine.info();
  const ours = [];
  const raw = [];
  for (let round = 0; round < 3; round++) {
    raw.push(await rawRound(docker, concurrency));
    ours.push(await ourRound(engine));
  }
  await engine.removeNetwork('default');
  const ratio = median(ours) / median(raw);
  return [
    `pods      ${count} pods to started: ours ${ms(median(ours))}, raw ${ms(median(raw))}, ratio ${ratio.toFixed(2)} at concurrency ${concurrency} (aim: at most 1.15)`,
  ];
}

async function ourRound(engine) {
  const parts = await startParts(engine);
  parts.write(serving({ instances: count, image: standInImage }));
  const started = performance.now();
  await parts.manifests.add([parts.file], { strict: true });
  const isRunning = () =>
    parts.store.list('pods').items.filter((pod) => pod.status?.phase === 'Running').length === count;
  const ended = await parts.until(isRunning);
  parts.store.markDeleted('modelservings', { namespace: 'default', name: 'bench' });
  await parts.until(() => parts.store.list('pods').items.length === 0);
  await parts.close();
  return ended - started;
}

async function rawRound(docker, concurrency) {
  const network = await docker.createNetwork({
    Name: `${cluster.name}-raw`,
    Driver: 'bridge',
    IPAM: { Config: [{ Subnet: '10.199.0.0/24' }] },
  });
  const waiting = Array.from({ length: count }, (_, at) => at);
  const containers = [];
  const started = performance.now();
  const worker = async () => {
    for (let at = waiting.shift(); at !== undefined; at = waiting.shift()) {
      const name = `${cluster.name}-raw-${at}`;
      const container = await docker.createContainer({
        name,
        Image: standInImage,
        ExposedPorts: { '8000/tcp': {} },
        HostConfig: {
          NetworkMode: network.id,
          PortBindings: { '8000/tcp': [{ HostIp: '127.0.0.1', HostPort: '' }] },
        },
        NetworkingConfig: {
          EndpointsConfig: {
            [`${cluster.name}-raw`]: { IPAMConfig: { IPv4Address: `10.199.0.${at + 10}` } },
          },
        },
      });
      containers.push(container);
      await container.start();
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  const ended = performance.now();
  await Promise.all(containers.map((container) => container.remove({ force: true, v: true })));
  await network.remove();
  return ended - started;
}
