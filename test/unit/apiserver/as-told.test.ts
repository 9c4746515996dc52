import type { PodSpec } from 'kubernetes-types/core/v1.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withDefaults } from '../../../src/apiserver/as-told.js';
import { pod, serve } from './serve.js';

const specOf = (more: Partial<PodSpec>): PodSpec => ({ containers: [{ name: 'main' }], ...more });
const container = (more: object) =>
  withDefaults(specOf({ containers: [{ name: 'main', ...more }] })).containers[0];

it('fills in what Kubernetes fills in', () => {
  expect(withDefaults(specOf({}))).toEqual({
    dnsPolicy: 'ClusterFirst',
    enableServiceLinks: true,
    restartPolicy: 'Always',
    schedulerName: 'default-scheduler',
    securityContext: {},
    terminationGracePeriodSeconds: 30,
    containers: [
      {
        name: 'main',
        resources: {},
        terminationMessagePath: '/dev/termination-log',
        terminationMessagePolicy: 'File',
      },
    ],
  });
  const timing = { timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3 };
  expect(
    container({
      ports: [{ containerPort: 80 }],
      livenessProbe: { tcpSocket: { port: 80 }, periodSeconds: 2 },
      readinessProbe: { httpGet: { port: 80 } },
      lifecycle: { preStop: { httpGet: { port: 80 } }, postStart: { exec: { command: ['a'] } } },
      env: [
        { name: 'A', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } },
        { name: 'B', value: '' },
      ],
    }),
  ).toMatchObject({
    ports: [{ containerPort: 80, protocol: 'TCP' }],
    livenessProbe: { ...timing, tcpSocket: { port: 80 }, periodSeconds: 2 },
    readinessProbe: { ...timing, httpGet: { port: 80, path: '/', scheme: 'HTTP' } },
    lifecycle: {
      preStop: { httpGet: { port: 80, path: '/', scheme: 'HTTP' } },
      postStart: { exec: { command: ['a'] } },
    },
    env: [
      { name: 'A', valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: 'status.podIP' } } },
      { name: 'B', value: '' },
    ],
  });
  expect(
    withDefaults(
      specOf({
        volumes: [
          { name: 'a', configMap: { name: 'a' } },
          { name: 'b', secret: { secretName: 'b', defaultMode: 0o400 } },
          { name: 'c', hostPath: { path: '/c' } },
          { name: 'd', emptyDir: {} },
        ],
      }),
    ).volumes,
  ).toEqual([
    { name: 'a', configMap: { name: 'a', defaultMode: 0o644 } },
    { name: 'b', secret: { secretName: 'b', defaultMode: 0o400 } },
    { name: 'c', hostPath: { path: '/c', type: '' } },
    { name: 'd', emptyDir: {} },
  ]);
});

it('leaves alone what is said', () => {
  const said = withDefaults(
    specOf({ restartPolicy: 'Never', securityContext: { runAsUser: 1 }, initContainers: [{ name: 'init' }] }),
  );
  expect(said).toMatchObject({ restartPolicy: 'Never', securityContext: { runAsUser: 1 } });
  expect(said.initContainers?.[0]).toMatchObject({ name: 'init', terminationMessagePolicy: 'File' });
  expect(withDefaults(said)).toEqual(said);
  const onHost = withDefaults(
    specOf({ hostNetwork: true, containers: [{ name: 'main', ports: [{ containerPort: 80 }] }] }),
  );
  expect(onHost.containers[0]?.ports).toEqual([{ containerPort: 80, hostPort: 80, protocol: 'TCP' }]);
});

describe('a Pod that a client reads and sends back', () => {
  let on: Awaited<ReturnType<typeof serve>>;
  beforeAll(async () => {
    on = await serve();
  });
  afterAll(() => on.close());
  const path = '/api/v1/namespaces/default/pods/one';
  const read = async () => (await on.call('GET', path)).json() as unknown as ReturnType<typeof pod>;

  it('is the same one, in GET, list and watch, with its defaults or without', async () => {
    on.store.create('pods', pod('one'));
    const before = await read();
    expect(before.spec.securityContext).toEqual({});
    expect((await on.call('GET', '/api/v1/pods')).json().items).toEqual([before]);
    const watch = on.follow('/api/v1/pods?watch=1');
    await expect.poll(() => watch.told[0]?.object).toEqual(before);
    watch.stop();
    const labelled = { ...before, metadata: { ...before.metadata, labels: { app: 'other' } } };
    const sent = await on.call('PUT', path, { body: labelled });
    expect([sent.status, sent.json()]).toMatchObject([200, { metadata: { labels: { app: 'other' } } }]);
    const bare = { ...(await read()), spec: pod('one').spec };
    expect((await on.call('PUT', path, { body: bare })).status).toBe(200);
    expect((await read()).metadata.resourceVersion).toBe(bare.metadata.resourceVersion);
    expect(on.store.get('pods', 'default', 'one')?.spec).toEqual(pod('one').spec);
    const other = { ...before, spec: { ...before.spec, restartPolicy: 'Never' }, metadata: bare.metadata };
    expect((await on.call('PUT', path, { body: other })).status).toBe(422);
  });
});
