import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ownerLabel } from '../../src/api/labels.js';
import { dockerBed } from './docker-bed.js';
import { eventually } from './eventually.js';
import { kubeletBed } from './kubelet-bed.js';

let bed: Awaited<ReturnType<typeof dockerBed>>;
let k: Awaited<ReturnType<typeof kubeletBed>>;
beforeAll(async () => {
  bed = await dockerBed('volumes');
  k = await kubeletBed(bed);
});
afterAll(async () => {
  await k.close();
  await bed.close();
});
const config = (name: string, data: Record<string, string>) => {
  const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'ns' }, data } as const;
  if (k.store.get('configmaps', 'ns', name)) k.store.update('configmaps', object);
  else k.store.create('configmaps', object);
};
const secret = (name: string, data: Record<string, string>) => {
  const encoded = Object.fromEntries(
    Object.entries(data).map(([key, text]) => [key, Buffer.from(text).toString('base64')]),
  );
  const metadata = { name, namespace: 'ns' };
  k.store.create('secrets', { apiVersion: 'v1', kind: 'Secret', metadata, type: 'Opaque', data: encoded });
};
const claim = (name: string) =>
  k.store.create('persistentvolumeclaims', {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name, namespace: 'ns' },
    spec: {},
  });
const said = async (pod: string, script: string) => (await k.inside(pod, script)).output;

describe.concurrent('what a pod takes from other objects', () => {
  it('variables: single keys, whole objects with a prefix, references among them', async () => {
    config('env', { MODEL: 'llama', 'not=possible': 'x' });
    secret('env', { TOKEN: 's3cret' });
    k.add('env', {
      containers: [
        k.container({
          envFrom: [
            { prefix: 'C_', configMapRef: { name: 'env' } },
            { secretRef: { name: 'absent', optional: true } },
          ],
          env: [
            { name: 'KEY', valueFrom: { secretKeyRef: { name: 'env', key: 'TOKEN' } } },
            { name: 'NONE', valueFrom: { configMapKeyRef: { name: 'env', key: 'absent', optional: true } } },
            { name: 'BOTH', value: '$(C_MODEL)-$(KEY)' },
          ],
        }),
      ],
    });
    await k.ready('env');
    expect(await said('env', 'echo "$C_MODEL $BOTH ${NONE-unset}"')).toBe('llama llama-s3cret unset\n');
    expect(k.events('env').join()).toMatch(/C_not=possible/);
    // Nowhere but in the container.
    const [container] = await k.containers('env');
    expect(JSON.stringify([container?.labels, k.get('env'), k.store.list('events').items])).not.toMatch(
      /s3cret/,
    );
  });

  it('a missing key holds the container with the reason until it is there', async () => {
    config('late', { other: 'x' });
    k.add('late', {
      containers: [
        k.container({ env: [{ name: 'A', valueFrom: { configMapKeyRef: { name: 'late', key: 'a' } } }] }),
      ],
    });
    const pod = await k.untilPod(
      'late',
      'held',
      (p) => k.waiting(p)?.reason === 'CreateContainerConfigError',
    );
    expect(k.waiting(pod)?.message).toBe("couldn't find key a in ConfigMap ns/late");
    config('late', { other: 'x', a: 'now' });
    await k.ready('late');
    expect(await said('late', 'echo $A')).toBe('now\n');
    expect(k.status('late')?.restartCount).toBe(0);
  });

  it('a volume of a ConfigMap: modes, paths, a part of it; an edit reaches the running container', async () => {
    config('files', { 'run.sh': 'echo one', 'b.txt': 'b' });
    k.add('files', {
      volumes: [
        {
          name: 'all',
          configMap: { name: 'files', defaultMode: 0o755 },
        },
        {
          name: 'some',
          configMap: { name: 'files', items: [{ key: 'b.txt', path: 'deep/in/b', mode: 0o400 }] },
        },
      ],
      containers: [
        k.container({
          volumeMounts: [
            { name: 'all', mountPath: '/all' },
            { name: 'some', mountPath: '/some' },
            { name: 'all', mountPath: '/etc/run.sh', subPath: 'run.sh' },
          ],
        }),
      ],
    });
    await k.ready('files');
    expect(await said('files', '/bin/sh /all/run.sh; stat -L -c "%a %u" /all/run.sh /some/deep/in/b')).toBe(
      'one\n755 0\n400 0\n',
    );
    expect(await said('files', 'cat /etc/run.sh; cd /all; touch x 2>&1')).toBe(
      'echo onetouch: x: Read-only file system\n',
    );
    config('files', { 'run.sh': 'echo two', 'b.txt': 'b', 'new.txt': 'n' });
    await eventually('the new content', async () => (await said('files', '/bin/sh /all/run.sh')) === 'two\n');
    expect(await said('files', 'cat /all/new.txt')).toBe('n');
    expect(k.status('files')?.restartCount).toBe(0);
    // As in Kubernetes, a part that was mounted alone stays as it was.
    expect(await said('files', 'cat /etc/run.sh')).toBe('echo one');
  });

  it('a volume of a Secret that comes later; its pod starts then', async () => {
    k.add('secret', {
      volumes: [{ name: 's', secret: { secretName: 'later', defaultMode: 0o400 } }],
      containers: [k.container({ volumeMounts: [{ name: 's', mountPath: '/s' }] })],
    });
    const pod = await k.untilPod('secret', 'held', (p) => /not found/.test(k.waiting(p)?.message ?? ''));
    expect(k.waiting(pod)).toEqual({
      reason: 'ContainerCreating',
      message: 'MountVolume.SetUp failed: secret "later" not found',
    });
    expect(await k.containers('secret')).toEqual([]);
    secret('later', { token: 'abc' });
    await k.ready('secret');
    expect(await said('secret', 'cat /s/token; stat -L -c %a /s/token')).toBe('abc400\n');
    await k.remove('secret');
    expect((await bed.engine.listVolumes()).filter(({ name }) => name.includes('_secret_'))).toEqual([]);
  });

  it('projected: several sources and the pod itself in one folder', async () => {
    config('p', { a: 'A' });
    secret('p', { b: 'B' });
    k.add('projected', {
      volumes: [
        {
          name: 'p',
          projected: {
            sources: [
              { configMap: { name: 'p' } },
              { secret: { name: 'p', items: [{ key: 'b', path: 'sub/b' }] } },
              {
                downwardAPI: {
                  items: [
                    { path: 'labels', fieldRef: { fieldPath: 'metadata.labels' } },
                    {
                      path: 'cpu',
                      resourceFieldRef: { containerName: 'main', resource: 'limits.cpu', divisor: '1m' },
                    },
                  ],
                },
              },
            ],
          },
        },
      ],
      containers: [
        k.container({
          resources: { limits: { cpu: '250m' } },
          volumeMounts: [{ name: 'p', mountPath: '/p' }],
        }),
      ],
    });
    await k.ready('projected');
    expect(await said('projected', 'cd /p; cat a sub/b labels cpu')).toBe('ABapp="projected"250');
  });

  it('another user can write into an emptyDir and a claim, with its group', async () => {
    claim('data');
    k.add('group', {
      securityContext: { runAsUser: 1000, runAsGroup: 1000, fsGroup: 2000 },
      volumes: [
        { name: 'e', emptyDir: {} },
        { name: 'c', persistentVolumeClaim: { claimName: 'data' } },
      ],
      containers: [
        k.container({
          volumeMounts: [
            { name: 'e', mountPath: '/e' },
            { name: 'c', mountPath: '/c' },
          ],
        }),
      ],
    });
    await k.ready('group');
    expect(await said('group', 'echo kept > /c/x; touch /e/y; stat -c "%u %g" /c/x /e/y')).toBe(
      '1000 2000\n1000 2000\n',
    );
    await k.remove('group');
    // What is claimed outlives the pod; what is the pod's does not.
    const left = (await bed.engine.listVolumes()).map(({ name }) => name.replace(/^[^_]*_/, ''));
    expect(left).toContain('ns_pvc_data');
    expect(left.filter((name) => name.includes('group'))).toEqual([]);
    k.add('again', {
      volumes: [{ name: 'c', persistentVolumeClaim: { claimName: 'data', readOnly: true } }],
      containers: [k.container({ volumeMounts: [{ name: 'c', mountPath: '/c' }] })],
    });
    await k.ready('again');
    expect(await said('again', 'cat /c/x; touch /c/z 2>&1')).toBe(
      'kept\ntouch: /c/z: Read-only file system\n',
    );
  });

  it('another user can write into a folder of a volume; a file there that is mounted alone stays', async () => {
    k.add('folder', {
      securityContext: { runAsUser: 1000 },
      volumes: [{ name: 'e', emptyDir: {} }],
      initContainers: [
        k.container({
          name: 'before',
          command: ['/bin/sh', '-c', 'echo kept > /e/file; mkdir /e/own'],
          volumeMounts: [{ name: 'e', mountPath: '/e' }],
        }),
      ],
      containers: [
        k.container({
          volumeMounts: [
            { name: 'e', mountPath: '/new', subPath: 'a/b' },
            { name: 'e', mountPath: '/file', subPath: 'file' },
            { name: 'e', mountPath: '/own', subPath: 'own' },
          ],
        }),
      ],
    });
    await k.ready('folder');
    expect(await said('folder', 'touch /new/x /own/x && cat /file; stat -c %a /new /own')).toBe(
      'kept\n777\n755\n',
    );
  });

  it('the value of a Secret is not in the engine’s own words about a failure', async () => {
    secret('quoted', { tool: 'no-such-tool-a1b2' });
    k.add('quoted', {
      containers: [
        k.container({
          env: [{ name: 'TOOL', valueFrom: { secretKeyRef: { name: 'quoted', key: 'tool' } } }],
          command: ['$(TOOL)'],
        }),
      ],
    });
    const pod = await k.untilPod('quoted', 'failed', (p) => k.waiting(p)?.reason === 'RunContainerError');
    expect(k.waiting(pod)?.message).toContain('***');
    expect(JSON.stringify([pod, k.events('quoted')])).not.toContain('a1b2');
  });

  it('a claim that is not there holds the pod; a folder named by a variable; a volume of the pod’s own', async () => {
    k.add('claimless', {
      volumes: [
        { name: 'c', persistentVolumeClaim: { claimName: 'soon' } },
        { name: 'o', ephemeral: { volumeClaimTemplate: { spec: {} } } },
      ],
      containers: [
        k.container({
          env: [{ name: 'NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } }],
          volumeMounts: [
            { name: 'c', mountPath: '/c', subPathExpr: 'of/$(NAME)' },
            { name: 'o', mountPath: '/o' },
          ],
        }),
      ],
    });
    await k.untilPod('claimless', 'held', (p) =>
      /persistentvolumeclaim "soon" not found/.test(k.waiting(p)?.message ?? ''),
    );
    claim('soon');
    await k.ready('claimless');
    expect(await said('claimless', 'touch /c/x /o/x; grep -c " /c " /proc/mounts')).toBe('1\n');
    k.add('whole', {
      volumes: [{ name: 'c', persistentVolumeClaim: { claimName: 'soon' } }],
      containers: [k.container({ volumeMounts: [{ name: 'c', mountPath: '/c' }] })],
    });
    await k.ready('whole');
    expect(await said('whole', 'ls /c/of/claimless')).toBe('x\n');
  });

  it('what only carried the files is gone', async () => {
    await k.ready('files');
    await eventually('no carrier is left', async () => {
      const all = await bed.engine.listContainers();
      return all.every((each) => each.labels[ownerLabel.container] !== 'FILES');
    });
  });
});
