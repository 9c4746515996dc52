import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Container, PodSpec } from 'kubernetes-types/core/v1.js';
import { ownerLabel } from '../../src/api/labels.js';
import type { Pod } from '../../src/api/types/resources.js';
import type { Engine } from '../../src/kubelet/engine.js';
import type { PodLogOptions } from '../../src/kubelet/pod-logs.js';
import { type Kubelet, startKubelet } from '../../src/kubelet/start-kubelet.js';
import { systemClock } from '../../src/lib/clock.js';
import { silentLogger } from '../../src/lib/logger.js';
import { createObjectStore } from '../../src/store/create-object-store.js';
import { busyboxImage } from './docker-bed.js';
import { eventually } from './eventually.js';

const namespace = 'ns';

/** A kubelet and a store on an engine, for whole pods. */
export async function kubeletBed(
  bed: { engine: Engine; cluster: { name: string; id: string } },
  more: Partial<Parameters<typeof startKubelet>[0]> = {},
) {
  const { engine, cluster } = bed;
  const stateDir = mkdtempSync(join(tmpdir(), 'kubelet-'));
  const store = createObjectStore({ clock: systemClock });
  const options = { engine, store, clock: systemClock, logger: silentLogger, cluster, stateDir, ...more };
  const kubelet: Kubelet = startKubelet(options);
  await kubelet.ready;

  const get = (name: string) => store.get('pods', namespace, name);
  const create = (pod: Pod) =>
    store.create('pods', { ...pod, spec: { ...pod.spec, nodeName: 'minithena' } }).metadata.name;
  const told = (name: string) => () => {
    const events = store.list('events').items.filter((each) => each.involvedObject.name === name);
    const said = events.map((each) => `${each.reason}: ${each.message}`);
    return `${name}\n${JSON.stringify(get(name)?.status, null, 1)}\n${said.join('\n')}`;
  };
  const untilPod = (name: string, what: string, holds: (pod: Pod) => boolean, patienceMs?: number) =>
    eventually(
      () => `${what}: ${told(name)()}`,
      () => {
        const pod = get(name);
        return pod !== undefined && holds(pod) && pod;
      },
      patienceMs,
    );
  const condition = (pod: Pod | undefined, type: string) =>
    pod?.status?.conditions?.find((each) => each.type === type)?.status;
  const containers = async (podName: string) =>
    (await engine.listContainers()).filter((each) => each.labels[ownerLabel.podName] === podName);

  return {
    store,
    kubelet,
    get,
    create,
    untilPod,
    condition,
    containers,
    /** One that sleeps for ever, unless a script is given. */
    container: (more: Partial<Container> & { script?: string } = {}): Container => {
      const { script = 'sleep 1000000', ...rest } = more;
      return { name: 'main', image: busyboxImage, command: ['/bin/sh', '-c', script], ...rest };
    },
    add(name: string, spec: Partial<PodSpec> & Pick<PodSpec, 'containers'>, uid?: string) {
      return create({
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name, namespace, labels: { app: name }, ...(uid ? { uid } : {}) },
        spec: { terminationGracePeriodSeconds: 0, ...spec },
      });
    },
    ready: (name: string) => untilPod(name, 'ready', (pod) => condition(pod, 'Ready') === 'True'),
    status: (name: string, container = 'main') => {
      const { containerStatuses = [], initContainerStatuses = [] } = get(name)?.status ?? {};
      return [...containerStatuses, ...initContainerStatuses].find((each) => each.name === container);
    },
    waiting: (pod: Pod) => pod.status?.containerStatuses?.[0]?.state?.waiting,
    events: (name: string, reason?: string) =>
      store
        .list('events')
        .items.filter(
          (each) => each.involvedObject.name === name && (reason === undefined || each.reason === reason),
        )
        .map((each) => each.message),
    async log(pod: string, more: Partial<PodLogOptions> = {}) {
      let text = '';
      for await (const { data } of kubelet.logs({ namespace, pod, ...more }))
        text += Buffer.from(data).toString();
      return text;
    },
    async inside(pod: string, script: string, container = 'main') {
      const found = (await containers(pod)).find(
        (each) => each.labels[ownerLabel.container] === container && each.state === 'running',
      );
      if (!found) throw new Error(`${container} of ${pod} does not run`);
      return engine.exec(found.containerId, ['/bin/sh', '-c', script], { timeoutMs: 20_000 });
    },
    async remove(name: string) {
      store.markDeleted('pods', { namespace, name });
      await eventually(`${name} is gone`, () => get(name) === undefined);
    },
    async close() {
      await kubelet.close();
      rmSync(stateDir, { recursive: true, force: true });
    },
  };
}
