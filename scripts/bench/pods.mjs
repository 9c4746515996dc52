import Docker from 'dockerode';
import { imageBuilder } from '../../dist/kubelet/docker/build-image.js';
import { dockerEngine } from '../../dist/kubelet/docker/docker-engine.js';
import { findEngine } from '../../dist/kubelet/docker/find-engine.js';
import { ensurePauseImage } from '../../dist/kubelet/docker/pause-image.js';
import { sandboxImage } from '../../dist/kubelet/map/needs-sandbox.js';
import { silentLogger } from '../../dist/lib/logger.js';
import { standInImage } from '../../dist/lib/stand-in-image.js';
import { ensureStandIn } from '../../dist/standin/ensure-stand-in.js';
import { median, ms } from './median.mjs';
import { cluster, serving, startParts } from './parts.mjs';

const init = `            initContainers: [{ name: init, image: "${standInImage}", command: ["true"] }]
`;
const second = `              - { name: second, image: "${standInImage}", command: ["sleep", "1000000"] }
`;
/** Each by our pods and by the same raw calls: how many, what is added to the template, and what is made beside the main container. */
const kinds = [
  { name: 'one container', count: 16, parts: {} },
  { name: 'two containers', count: 8, parts: { second }, raw: { sandbox: true, second: true } },
  { name: 'an init container', count: 8, parts: { more: init }, raw: { init: true } },
];

/** Pods of one ServingGroup, from the save to all started, against the same containers by raw calls with the same concurrency. */
export async function run() {
  const connection = await findEngine();
  const images = await imageBuilder(connection);
  await ensureStandIn({ images, logger: silentLogger });
  const engine = await dockerEngine({ connection, cluster });
  await ensurePauseImage(images, (await engine.info()).architecture);
  const docker = new Docker(connection.options);
  const { concurrency } = await engine.info();
  const lines = [];
  for (const { name, count, parts, raw = {} } of kinds) {
    const [ours, raws] = [[], []];
    for (let round = 0; round < 3; round++) {
      raws.push(await rawRound(docker, concurrency, count, raw));
      ours.push(await ourRound(engine, count, parts));
    }
    const ratio = median(ours) / median(raws);
    lines.push(
      `pods      ${count} of ${name} to started: ours ${ms(median(ours))}, raw ${ms(median(raws))}, ratio ${ratio.toFixed(2)} at concurrency ${concurrency}`,
    );
  }
  await engine.removeNetwork('default');
  return lines;
}

async function ourRound(engine, count, more) {
  const parts = await startParts(engine);
  parts.write(serving({ instances: count, image: standInImage, ...more }));
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

async function rawRound(docker, concurrency, count, { sandbox = false, second = false, init = false }) {
  const network = await docker.createNetwork({
    Name: `${cluster.name}-raw`,
    Driver: 'bridge',
    IPAM: { Config: [{ Subnet: '10.199.0.0/24' }] },
  });
  const containers = [];
  const start = async (body) => {
    const container = await docker.createContainer({ Image: standInImage, ...body });
    containers.push(container);
    await container.start();
    return container;
  };
  const inNetwork = (at) => ({
    ExposedPorts: { '8000/tcp': {} },
    HostConfig: {
      NetworkMode: network.id,
      IpcMode: 'shareable',
      PortBindings: { '8000/tcp': [{ HostIp: '127.0.0.1', HostPort: '' }] },
    },
    NetworkingConfig: {
      EndpointsConfig: { [`${cluster.name}-raw`]: { IPAMConfig: { IPv4Address: `10.199.0.${at + 10}` } } },
    },
  });
  const pod = async (at) => {
    if (init) await (await start({ ...inNetwork(at), Entrypoint: ['true'] })).wait();
    if (!sandbox) return void (await start(inNetwork(at)));
    const { id } = await start({ ...inNetwork(at), Image: sandboxImage });
    const joined = { HostConfig: { NetworkMode: `container:${id}`, IpcMode: `container:${id}` } };
    // One call after another: as many at once as there are workers, and so as many as ours.
    await start(joined);
    if (second) await start({ ...joined, Entrypoint: ['sleep', '1000000'] });
  };
  const waiting = Array.from({ length: count }, (_, at) => at);
  const started = performance.now();
  const worker = async () => {
    for (let at = waiting.shift(); at !== undefined; at = waiting.shift()) await pod(at);
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  const ended = performance.now();
  await Promise.all(containers.map((container) => container.remove({ force: true, v: true })));
  await network.remove();
  return ended - started;
}
