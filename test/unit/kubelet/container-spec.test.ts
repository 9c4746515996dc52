import type { Container, PodSpec } from 'kubernetes-types/core/v1.js';
import { describe, expect, it } from 'vitest';
import type { Pod } from '../../../src/api/types/resources.js';
import { allocateIp } from '../../../src/kubelet/allocate-ip.js';
import { checkHostPaths } from '../../../src/kubelet/check-host-paths.js';
import { containerSpecs } from '../../../src/kubelet/map/container-spec.js';
import { expandVariables } from '../../../src/kubelet/map/expand-variables.js';
import { neededVolumes } from '../../../src/kubelet/map/pod-volumes.js';
import { pullPolicy } from '../../../src/kubelet/map/pull-policy.js';
import { noObjects } from '../../../src/kubelet/map/referred-objects.js';
import { restartDelayMs } from '../../../src/kubelet/restart-delay.js';
import { parseQuantity } from '../../../src/lib/parse-quantity.js';

const around = {
  cluster: { name: 'c', id: 'id1' },
  podIp: '10.1.0.5',
  hostIp: '10.1.0.1',
  cpus: 4,
  memoryBytes: 8 * 2 ** 30,
  hostPorts: {},
};
const pod = (spec: Partial<PodSpec>, labels: Record<string, string> = {}): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'p', namespace: 'ns', uid: 'u1', labels },
  spec: { containers: [{ name: 'main', image: 'i' }], ...spec },
});
const one = (container: Partial<Container>, spec: Partial<PodSpec> = {}) => {
  const [made] = containerSpecs(
    pod({ ...spec, containers: [{ name: 'main', image: 'i', ...container }] }),
    around,
  );
  if (!made) throw new Error('no container');
  return made;
};

describe('command and args', () => {
  it.each([
    ['neither', {}, undefined, undefined],
    ['command', { command: ['a'] }, ['a'], undefined],
    ['args', { args: ['b'] }, undefined, ['b']],
    ['both', { command: ['a'], args: ['b'] }, ['a'], ['b']],
  ])('%s', (_case, container, entrypoint, command) => {
    const made = one(container);
    expect([made.entrypoint, made.command]).toEqual([entrypoint, command]);
  });

  it.each([
    ['$(A)', 'x'],
    ['$(B)', '$(B)'],
    ['$$(A)', '$(A)'],
    ['$$$(A)', '$x'],
    ['a$(A', 'a$(A'],
  ])('expands %s to %s', (text, expected) => {
    expect(expandVariables(text, new Map([['A', 'x']]))).toBe(expected);
  });

  it('expands arguments from the environment of the container', () => {
    expect(
      one({
        args: ['--at=$(IP):$(X)'],
        env: [{ name: 'IP', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } }],
      }).command,
    ).toEqual(['--at=10.1.0.5:$(X)']);
  });
});

describe('environment', () => {
  it('lets a value refer only to variables before it, and the last of a name win', () => {
    const env = [
      { name: 'A', value: '$(B)' },
      { name: 'B', value: 'b' },
      { name: 'C', value: '$(B)' },
      { name: 'B', value: 'b2' },
    ];
    expect(one({ env }).env).toEqual([
      { name: 'A', value: '$(B)' },
      { name: 'B', value: 'b2' },
      { name: 'C', value: 'b' },
    ]);
  });

  it.each([
    ['metadata.name', 'p'],
    ['metadata.namespace', 'ns'],
    ['metadata.uid', 'u1'],
    ['status.hostIP', '10.1.0.1'],
    ["metadata.labels['absent']", ''],
  ])('fieldRef %s', (fieldPath, value) => {
    expect(one({ env: [{ name: 'V', valueFrom: { fieldRef: { fieldPath } } }] }).env).toEqual([
      { name: 'V', value },
    ]);
  });

  it('divides resources and rounds up; an absent limit is what the machine has', () => {
    const ref = (resource: string, divisor?: string) => ({
      name: resource,
      valueFrom: { resourceFieldRef: { resource, ...(divisor ? { divisor } : {}) } },
    });
    const made = one({
      resources: { limits: { cpu: '1500m' } },
      env: [ref('limits.cpu'), ref('limits.memory', '1Gi'), ref('requests.cpu'), ref('requests.memory')],
    });
    // A request that is not written is its limit, and nothing without one.
    expect(made.env.map((e) => e.value)).toEqual(['2', '8', '2', '0']);
  });

  it('does not take bytes for a variable', () => {
    const configMap = {
      apiVersion: 'v1' as const,
      kind: 'ConfigMap' as const,
      metadata: { name: 'm', namespace: 'ns' },
      data: { a: 'x' },
      binaryData: { b: 'AAE=' },
    };
    const env = (key: string) => [{ name: 'V', valueFrom: { configMapKeyRef: { name: 'm', key } } }];
    const objects = { ...noObjects, configMap: () => configMap };
    const value = (key: string) =>
      containerSpecs(pod({ containers: [{ name: 'main', image: 'i', env: env(key) }] }), {
        ...around,
        objects,
      })[0]?.env[0]?.value;
    expect(value('a')).toBe('x');
    expect(() => value('b')).toThrow("couldn't find key b in ConfigMap ns/m");
  });

  it('refuses a Secret that is not there, unless it is optional', () => {
    const env = (optional: boolean) => [
      { name: 'S', valueFrom: { secretKeyRef: { name: 's', key: 'k', optional } } },
    ];
    expect(() => one({ env: env(false) })).toThrow('secret "s" not found');
    expect(one({ env: env(true) }).env).toEqual([]);
  });
});

describe('network', () => {
  it('gives a pod of one container its own address, names and ports', () => {
    const made = one({ ports: [{ containerPort: 8000 }, { containerPort: 53, protocol: 'UDP' }] });
    expect(made.network).toEqual({
      kind: 'namespace',
      namespace: 'ns',
      ip: '10.1.0.5',
      aliases: ['p', 'p.ns', 'p.ns.svc', 'p.ns.svc.cluster.local'],
    });
    expect(made.ports).toEqual([{ containerPort: 8000, protocol: 'tcp', hostIp: '127.0.0.1', hostPort: 0 }]);
    expect([made.name, made.hostname]).toEqual(['c_ns_p_main', 'p']);
  });

  it('puts several containers into one sandbox, which publishes all ports', () => {
    const specs = containerSpecs(
      pod({
        containers: [
          { name: 'a', image: 'i', ports: [{ containerPort: 1 }] },
          { name: 'b', image: 'i', ports: [{ containerPort: 2, hostPort: 22 }] },
        ],
      }),
      around,
    );
    expect(specs.map((s) => [s.name, s.network.kind, s.ports.map((p) => p.hostPort)])).toEqual([
      ['c_ns_p_POD', 'namespace', [0, 22]],
      ['c_ns_p_a', 'container', []],
      ['c_ns_p_b', 'container', []],
    ]);
  });

  it.each([
    ['1', 1],
    ['3', 2],
  ])('an entry pod of a group of %s has %i containers', (size, count) => {
    const containers = [{ name: 'main', image: 'i', env: [{ name: 'GROUP_SIZE', value: size }] }];
    expect(
      containerSpecs(pod({ containers }, { 'modelserving.volcano.sh/entry': 'true' }), around),
    ).toHaveLength(count);
  });

  it('hands out addresses in turn, never the gateway, network or broadcast', () => {
    const network = { subnet: '10.0.0.0/29', gateway: '10.0.0.1' };
    expect(allocateIp(network, new Set())).toBe('10.0.0.2');
    expect(allocateIp(network, new Set(['10.0.0.3']), '10.0.0.2')).toBe('10.0.0.4');
    expect(allocateIp(network, new Set(), '10.0.0.6')).toBe('10.0.0.2');
    expect(allocateIp(network, new Set([2, 3, 4, 5, 6].map((n) => `10.0.0.${n}`)))).toBeUndefined();
  });
});

describe('volumes', () => {
  const mount = (name: string, mountPath: string) => ({ volumeMounts: [{ name, mountPath }] });

  it('makes /dev/shm as large as its emptyDir', () => {
    const made = one(mount('shm', '/dev/shm'), {
      volumes: [{ name: 'shm', emptyDir: { medium: 'Memory', sizeLimit: '1Gi' } }],
    });
    expect([made.shmBytes, made.mounts]).toEqual([2 ** 30, []]);
  });

  it('makes memory a tmpfs volume that the sandbox holds while containers come and go', () => {
    const made = pod({
      volumes: [{ name: 'm', emptyDir: { medium: 'Memory', sizeLimit: '1Mi' } }],
      containers: [{ name: 'a', image: 'i', ...mount('m', '/m') }],
    });
    expect(neededVolumes(made, around)).toEqual([{ name: 'c_ns_p_m', ofPod: true, tmpfsBytes: 2 ** 20 }]);
    expect(containerSpecs(made, around).map((spec) => spec.mounts)).toEqual([
      [{ kind: 'volume', volume: 'c_ns_p_m', path: '/.minithena/c_ns_p_m', readOnly: true }],
      [{ kind: 'volume', volume: 'c_ns_p_m', path: '/m', readOnly: false }],
    ]);
  });

  it.each([
    ['$(NO)/x', 'there is no variable NO'],
    ['$(UP)/x', 'comes to "../x"'],
    ['$(ROOT)', 'comes to "/etc"'],
    ['$(COLON)', 'comes to "a:b"'],
  ])('refuses the folder %s', (subPathExpr, message) => {
    const made = () =>
      one(
        {
          env: [
            { name: 'UP', value: '..' },
            { name: 'ROOT', value: '/etc' },
            { name: 'COLON', value: 'a:b' },
          ],
          volumeMounts: [{ name: 'v', mountPath: '/v', subPathExpr }],
        },
        { volumes: [{ name: 'v', emptyDir: {} }] },
      );
    expect(made).toThrow(message);
  });

  it('keeps claims out of what goes with the pod', () => {
    const claimed = pod({ volumes: [{ name: 'v', persistentVolumeClaim: { claimName: 'data' } }] });
    expect(neededVolumes(claimed, around)).toEqual([{ name: 'c_ns_pvc_data', ofPod: false }]);
  });

  it('names the host path that is missing or of another type', () => {
    expect(() => checkHostPaths([{ path: '/no/such/path', type: '' }])).toThrow(
      '/no/such/path does not exist',
    );
    expect(() => checkHostPaths([{ path: '/etc', type: 'File' }])).toThrow('/etc is not a File');
    expect(() => checkHostPaths([{ path: '/etc', type: 'Directory' }])).not.toThrow();
  });
});

it.each([
  ['i', undefined, 'Always', true],
  ['i:latest', undefined, 'Always', true],
  ['reg:5000/i', undefined, 'Always', true],
  ['i:1', undefined, 'IfNotPresent', true],
  ['i:1', 'Always', 'Always', false],
  ['i', 'Never', 'Never', false],
])('pull policy of %s with %s is %s', (image, imagePullPolicy, policy, implied) => {
  const container = { name: 'c', image, ...(imagePullPolicy ? { imagePullPolicy } : {}) };
  expect(pullPolicy(container)).toEqual({ policy, implied });
});

it.each<[string, 'Always' | 'IfNotPresent' | 'Never', string, boolean]>([
  ['i:1', 'Always', 'Always', false],
  ['i', 'IfNotPresent', 'IfNotPresent', false],
  ['i', 'Never', 'Never', false],
  ['minithena/vllm-standin:latest', 'Always', 'IfNotPresent', true],
])('pull policy of %s under --pull %s is %s', (image, override, policy, implied) => {
  for (const written of ['Always', 'Never', undefined]) {
    const container = { name: 'c', image, ...(written && !implied && { imagePullPolicy: written }) };
    expect(pullPolicy(container, override)).toEqual({ policy, implied });
  }
});

it.each([
  ['500m', 0.5],
  ['2Gi', 2 ** 31],
  ['1e3', 1000],
  ['1.5', 1.5],
  ['12kg', undefined],
])('quantity %s', (text, value) => {
  expect(parseQuantity(text)).toBe(value);
});

it('caps cpu at what the machine has', () => {
  expect(one({ resources: { limits: { cpu: '16', memory: '1Gi' } } })).toMatchObject({
    cpuNanos: 4e9,
    memoryBytes: 2 ** 30,
  });
});

it('backs off: at once, 10 s, doubling to 5 min', () => {
  expect([1, 2, 3, 4, 5, 6, 7, 50].map((n) => restartDelayMs(n) / 1000)).toEqual([
    0, 10, 20, 40, 80, 160, 300, 300,
  ]);
});
