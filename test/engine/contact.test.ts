import Docker from 'dockerode';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ownerLabel } from '../../src/api/labels.js';
import { findEngine } from '../../src/kubelet/docker/find-engine.js';
import { busyboxImage, dockerBed } from './docker-bed.js';
import { eventually } from './eventually.js';
import { kubeletBed } from './kubelet-bed.js';
import { socketProxy } from './socket-proxy.js';

/** The engine itself, past the proxy. */
const docker = new Docker();
let proxy: Awaited<ReturnType<typeof socketProxy>>;
let bed: Awaited<ReturnType<typeof dockerBed>>;
let k: Awaited<ReturnType<typeof kubeletBed>>;
beforeAll(async () => {
  proxy = await socketProxy(await findEngine());
  bed = await dockerBed('contact', proxy.connection);
  k = await kubeletBed(bed);
});
afterAll(async () => {
  proxy.admit();
  await k.close();
  await bed.close();
  await proxy.close();
});

const containerOf = async (pod: string) => {
  const label = [`${ownerLabel.podName}=${pod}`, `${ownerLabel.clusterId}=${bed.cluster.id}`];
  const [found] = await docker.listContainers({ all: true, filters: { label } });
  return docker.getContainer(found?.Id ?? '');
};
const away = async (meanwhile: () => Promise<unknown>) => {
  proxy.drop({ refuse: true });
  await eventually('it is noticed', () => !k.kubelet.engineState().reachable);
  await meanwhile();
  proxy.admit();
  await eventually('contact again', () => k.kubelet.engineState().reachable);
};
const probed = (name: string) =>
  k.add(name, {
    containers: [
      k.container({
        readinessProbe: {
          exec: { command: ['/bin/true'] },
          periodSeconds: 1,
          failureThreshold: 1,
          timeoutSeconds: 60,
        },
        livenessProbe: {
          exec: { command: ['/bin/true'] },
          periodSeconds: 1,
          failureThreshold: 1,
          timeoutSeconds: 60,
        },
      }),
    ],
  });

it('while the engine is away nothing changes; what died meanwhile is restarted, and only that', async () => {
  probed('stays');
  probed('dies');
  await Promise.all([k.ready('stays'), k.ready('dies')]);
  const before = await (await containerOf('stays')).inspect();
  await away(async () => {
    expect(k.kubelet.engineState().message).not.toBe('');
    const told = k.store.list('pods').resourceVersion;
    await (await containerOf('dies')).kill();
    // Longer than a probe's period.
    const endMs = Date.now() + 1500;
    await eventually('time went by', () => Date.now() > endMs);
    expect(k.store.list('pods').resourceVersion).toBe(told);
    expect(k.condition(k.get('dies'), 'Ready')).toBe('True');
  });
  await k.untilPod('dies', 'restarted', () => k.status('dies')?.restartCount === 1);
  await Promise.all([k.ready('stays'), k.ready('dies')]);
  const after = await (await containerOf('stays')).inspect();
  expect([after.Id, after.State.StartedAt]).toEqual([before.Id, before.State.StartedAt]);
  expect(k.status('stays')?.restartCount).toBe(0);
  expect([...k.events('dies', 'EngineRestarted'), ...k.events('stays', 'EngineRestarted')]).toEqual([]);
});

it('all dead and the network gone, but the same engine: they have failed, and come back on a new network', async () => {
  await away(async () => {
    for (const name of ['stays', 'dies']) await (await containerOf(name)).kill();
    // What was killed leaves its network a moment after it has ended.
    const network = docker.getNetwork(`minithena_${bed.cluster.name}_ns`);
    await eventually('the network goes', () =>
      network.remove().then(
        () => true,
        () => false,
      ),
    );
  });
  await k.untilPod('stays', 'restarted', () => k.status('stays')?.restartCount === 1);
  await k.ready('stays');
  expect(k.events('stays', 'EngineRestarted')).toEqual([]);
  const { NetworkSettings } = await (await containerOf('stays')).inspect();
  expect(Object.values(NetworkSettings.Networks).map((each) => each.IPAddress)).toEqual([
    k.get('stays')?.status?.podIP,
  ]);
  await Promise.all([k.remove('stays'), k.remove('dies')]);
});

it('what somebody removed by hand is made again', async () => {
  k.add('removed', { containers: [k.container({ name: 'one' }), k.container()] });
  await k.ready('removed');
  for (const each of await k.containers('removed'))
    await docker
      .getContainer(each.containerId)
      .remove({ force: true })
      // The kubelet may have been quicker once the others were gone.
      .catch(() => {});
  await eventually('three new ones run', async () => {
    const running = (await k.containers('removed')).filter((each) => each.state === 'running');
    return running.length === 3;
  });
  await k.ready('removed');
  await k.remove('removed');
});

it('an address that somebody else took in our network is not insisted on', async () => {
  const { subnet } = await bed.engine.ensureNetwork('ns');
  const base = subnet.replace(/0\/\d+$/, '');
  const others = await Promise.all(
    [2, 3, 4, 5, 6, 7, 8].map((last) =>
      docker.createContainer({
        Image: busyboxImage,
        Cmd: ['/bin/sleep', '100000'],
        NetworkingConfig: {
          EndpointsConfig: {
            [`minithena_${bed.cluster.name}_ns`]: { IPAMConfig: { IPv4Address: `${base}${last}` } },
          },
        },
        HostConfig: { NetworkMode: `minithena_${bed.cluster.name}_ns` },
      }),
    ),
  );
  try {
    for (const each of others) await each.start();
    // Whatever address would be next, it is one of those.
    k.add('address', { containers: [k.container()] });
    const pod = await k.untilPod(
      'address',
      'ready',
      (each) => k.condition(each, 'Ready') === 'True',
      120_000,
    );
    const taken = [2, 3, 4, 5, 6, 7, 8].map((last) => `${base}${last}`);
    expect(taken).not.toContain(pod.status?.podIP);
    expect(k.status('address')?.restartCount).toBe(0);
    await k.remove('address');
  } finally {
    await Promise.all(others.map((each) => each.remove({ force: true })));
  }
});
