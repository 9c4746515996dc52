import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findEngine } from '../../src/kubelet/docker/find-engine.js';
import type { Engine } from '../../src/kubelet/engine.js';
import { dockerBed } from './docker-bed.js';
import { eventually } from './eventually.js';
import { kubeletBed } from './kubelet-bed.js';
import { newerEngine } from './newer-engine.js';

const serve = (port: number) => `mkdir -p /www; echo hello > /www/index.html; httpd -f -p ${port} -h /www`;

describe('an engine as newer ones show themselves', () => {
  let proxy: Awaited<ReturnType<typeof newerEngine>>;
  let bed: Awaited<ReturnType<typeof dockerBed>>;
  let k: Awaited<ReturnType<typeof kubeletBed>>;
  beforeAll(async () => {
    proxy = await newerEngine(await findEngine());
    bed = await dockerBed('newer', proxy.connection);
    k = await kubeletBed(bed);
  });
  afterAll(async () => {
    await k.close();
    await bed.close();
    await proxy.close();
  });

  it('is spoken to in the newest version that both know', async () => {
    expect(await bed.engine.info()).toMatchObject({ version: '29.0.0', apiVersion: '1.52' });
  });

  it('runs pods, tells of their ends, keeps volumes and carries commands', async () => {
    k.store.create('configmaps', {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'c', namespace: 'ns' },
      data: { a: 'b' },
    });
    k.add('pod', {
      volumes: [{ name: 'c', configMap: { name: 'c' } }],
      containers: [
        k.container({
          script: serve(8000),
          ports: [{ containerPort: 8000 }],
          readinessProbe: { httpGet: { port: 8000 }, periodSeconds: 1 },
          volumeMounts: [{ name: 'c', mountPath: '/c' }],
        }),
        k.container({ name: 'second' }),
      ],
    });
    await k.ready('pod');
    expect((await k.inside('pod', 'cat /c/a; hostname', 'main')).output).toBe('bpod\n');
    await k.inside('pod', 'kill 1', 'second').catch(() => {});
    const [second] = (await k.containers('pod')).filter((each) => each.name.endsWith('_second'));
    await bed.engine.killContainer(second?.containerId ?? '');
    await k.untilPod('pod', 'run again', () => (k.status('pod', 'second')?.restartCount ?? 0) > 0);
    await k.remove('pod');
    expect(await k.containers('pod')).toEqual([]);
    expect(proxy.refused).toEqual([]);
  });
});

describe('an engine whose pods are reached through published ports only', () => {
  let bed: Awaited<ReturnType<typeof dockerBed>>;
  let k: Awaited<ReturnType<typeof kubeletBed>>;
  beforeAll(async () => {
    bed = await dockerBed('ports-only');
    const engine: Engine = {
      ...bed.engine,
      info: async () => ({ ...(await bed.engine.info()), hostReachesPods: false }),
    };
    k = await kubeletBed({ ...bed, engine });
  });
  afterAll(async () => {
    await k.close();
    await bed.close();
  });

  it('a probe reaches its port, listed or not, and believes nobody but who serves', async () => {
    k.add('listed', {
      containers: [
        k.container({
          script: `while [ ! -f /go ]; do sleep 0.05; done; ${serve(8000)}`,
          ports: [{ name: 'http', containerPort: 8000 }],
          readinessProbe: { tcpSocket: { port: 'http' }, periodSeconds: 1 },
        }),
        k.container({ name: 'second' }),
      ],
    });
    k.add('unlisted', {
      containers: [
        k.container({ script: serve(9000), readinessProbe: { httpGet: { port: 9000 }, periodSeconds: 1 } }),
      ],
    });
    await k.ready('unlisted');
    // The engine's proxy takes connections from the first moment on.
    await eventually('a failed probe', () =>
      k.events('listed', 'Unhealthy').some((said) => /Readiness probe failed/.test(said)),
    );
    expect(k.condition(k.get('listed'), 'Ready')).toBe('False');
    await k.inside('listed', 'touch /go');
    await k.ready('listed');
  });

  it('a connection to a port is made through the published one, and one that is not published is told', async () => {
    await k.ready('unlisted');
    const ref = { namespace: 'ns', pod: 'unlisted' };
    const socket = await k.kubelet.sessions.dial(ref, 9000);
    socket.end('GET / HTTP/1.0\r\n\r\n');
    let answer = '';
    for await (const piece of socket) answer += String(piece);
    expect(answer).toMatch(/200 OK[\s\S]*hello/);
    await expect(k.kubelet.sessions.dial(ref, 9001)).rejects.toThrow(
      /port 9001 of pod unlisted is not published/,
    );
  });
});
