/** The server that api.mjs asks: 1,000 pods, one ModelServing, no engine. Orders come as JSON lines on stdin, answers go to stdout. */
import { createInterface } from 'node:readline';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { parseManifests } from '../../dist/api/parse-manifests.js';
import { makeCertificate } from '../../dist/apiserver/make-certificate.js';
import { startApiServer } from '../../dist/apiserver/start-api-server.js';
import { systemClock } from '../../dist/lib/clock.js';
import { silentLogger } from '../../dist/lib/logger.js';
import { createObjectStore } from '../../dist/store/create-object-store.js';
import { serving } from './parts.mjs';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc');
const say = (value) => process.stdout.write(`${JSON.stringify(value)}\n`);

const store = createObjectStore({ clock: systemClock });
const { object } = parseManifests('/tmp/bench.yaml', serving({ image: 'busybox' })).modelServings[0];
store.create('modelservings', object);
const pod = (at) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name: `bench-${at}-server-0-0`,
    namespace: 'default',
    labels: {
      tier: at % 2 ? 'front' : 'back',
      'modelserving.volcano.sh/name': 'bench',
      'modelserving.volcano.sh/group-name': `bench-${at}`,
      'modelserving.volcano.sh/role': 'server',
      'modelserving.volcano.sh/role-id': 'server-0',
      'modelserving.volcano.sh/revision': '67b8d4b8c7',
    },
    annotations: {},
    ownerReferences: [
      { apiVersion: object.apiVersion, kind: 'ModelServing', name: 'bench', uid: 'u', controller: true },
    ],
  },
  spec: {
    nodeName: 'bench',
    containers: [
      {
        name: 'main',
        image: 'minithena/vllm-standin:latest',
        command: ['vllm', 'serve', 'model', '--port', '8000'],
        env: Array.from({ length: 12 }, (_, index) => ({ name: `NAME_${index}`, value: `value-${index}` })),
        ports: [{ containerPort: 8000 }],
        resources: { requests: { cpu: '1', memory: '1Gi' } },
        readinessProbe: { httpGet: { path: '/health', port: 8000 } },
      },
    ],
  },
  status: {
    phase: 'Running',
    podIP: `10.0.${at >> 8}.${at & 255}`,
    conditions: ['PodScheduled', 'Initialized', 'ContainersReady', 'Ready'].map((type) => ({
      type,
      status: 'True',
      lastTransitionTime: '2026-01-01T00:00:00Z',
    })),
    containerStatuses: [
      {
        name: 'main',
        image: 'minithena/vllm-standin:latest',
        ready: true,
        restartCount: 0,
        state: { running: {} },
      },
    ],
  },
});
for (let at = 0; at < 1000; at += 1) store.create('pods', pod(at));

const tls = await makeCertificate();
const server = await startApiServer({
  store,
  tls,
  token: 'bench',
  port: 0,
  kubelet: { sessions: {} },
  commit: () => {},
  control: {},
  logger: silentLogger,
});
say({ port: server.port, ca: tls.cert, version: store.version() });
for await (const line of createInterface({ input: process.stdin })) {
  const order = JSON.parse(line);
  if (order.memory) {
    collect();
    const { rss, heapUsed, external } = process.memoryUsage();
    say({ rss, bytes: heapUsed + external });
  } else {
    const each = pod(0);
    store.update('pods', {
      ...each,
      metadata: { ...each.metadata, annotations: { round: `${order.touch}` } },
    });
    say({});
  }
}
