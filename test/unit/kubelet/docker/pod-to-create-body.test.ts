import type { ContainerCreateOptions, HostConfig } from 'dockerode';
import type { Container, PodSpec } from 'kubernetes-types/core/v1.js';
import { describe, expect, it } from 'vitest';
import type { Pod } from '../../../../src/api/types/resources.js';
import { createOptions } from '../../../../src/kubelet/docker/create-options.js';
import { containerSpecs } from '../../../../src/kubelet/map/container-spec.js';

const around = {
  cluster: { name: 'c', id: 'id1' },
  podIp: '10.1.0.5',
  hostIp: '10.1.0.1',
  cpus: 4,
  memoryBytes: 8 * 2 ** 30,
  runtimes: ['runc', 'nvidia'],
  hostPorts: { '8000/tcp': 41000 },
};
const facts = {
  cpus: 4,
  isPodman: false,
  networkName: (namespace: string) => `net-${namespace}`,
  folderOf: (volume: string) => `/volumes/${volume}`,
};

/** The bodies of the create calls of a pod, in order of start. */
function bodies(spec: Partial<PodSpec>, container: Partial<Container> = {}): ContainerCreateOptions[] {
  const pod: Pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'p', namespace: 'ns', uid: 'u1', labels: { team: 'x' } },
    spec: { containers: [{ name: 'main', image: 'i:1', ...container }], ...spec },
  };
  return containerSpecs(pod, around).map((each) => createOptions(each, facts));
}
const body = (container: Partial<Container>, spec: Partial<PodSpec> = {}) => bodies(spec, container)[0] ?? {};
/** The part of a body that a field group decides, beside what every container has. */
function differing(of: ContainerCreateOptions): Record<string, unknown> {
  const plain = body({});
  const changed = (a: object, b: object) =>
    Object.fromEntries(
      Object.entries(a).filter(
        ([key, value]) => JSON.stringify(value) !== JSON.stringify((b as Record<string, unknown>)[key]),
      ),
    );
  const { HostConfig: host, Labels: _labels, ...rest } = of;
  const { HostConfig: plainHost, Labels: _plain, ...plainRest } = plain;
  return { ...changed(rest, plainRest), ...changed(host ?? {}, plainHost ?? {}) };
}

it('the least container', () => {
  const { Labels, ...rest } = body({});
  expect(rest).toEqual({
    name: 'c_ns_p_main',
    Image: 'i:1',
    Env: [],
    Hostname: 'p',
    ExposedPorts: {},
    HostConfig: {
      RestartPolicy: { Name: 'no' },
      NetworkMode: 'net-ns',
      IpcMode: 'shareable',
      PortBindings: {},
      Mounts: [],
      Binds: [],
      LogConfig: { Type: 'json-file', Config: { 'max-size': '10m', 'max-file': '3' } },
    } satisfies HostConfig,
    NetworkingConfig: {
      EndpointsConfig: {
        'net-ns': {
          IPAMConfig: { IPv4Address: '10.1.0.5' },
          Aliases: ['p', 'p.ns', 'p.ns.svc', 'p.ns.svc.cluster.local'],
        },
      },
    },
  });
  expect(Labels).toMatchObject({ team: 'x', 'minithena.dev/owner': 'minithena', 'minithena.dev/pod': 'p' });
});

describe('one field group after another', () => {
  it.each<[string, Partial<Container>, Partial<PodSpec>, Record<string, unknown>]>([
    [
      'command, args, folder, terminal',
      {
        command: ['/bin/x'],
        args: ['$(A)'],
        env: [{ name: 'A', value: 'b' }],
        workingDir: '/w',
        tty: true,
        stdin: true,
        stdinOnce: true,
      },
      {},
      {
        Entrypoint: ['/bin/x'],
        Cmd: ['b'],
        Env: ['A=b'],
        WorkingDir: '/w',
        Tty: true,
        OpenStdin: true,
        StdinOnce: true,
      },
    ],
    [
      'ports: published where they were, as asked, and not without need',
      {
        ports: [
          { containerPort: 8000 },
          { containerPort: 9000, hostPort: 9001, hostIP: '0.0.0.0' },
          { containerPort: 53, protocol: 'UDP' },
        ],
      },
      {},
      {
        ExposedPorts: { '8000/tcp': {}, '9000/tcp': {} },
        PortBindings: {
          '8000/tcp': [{ HostIp: '127.0.0.1', HostPort: '41000' }],
          '9000/tcp': [{ HostIp: '0.0.0.0', HostPort: '9001' }],
        },
      },
    ],
    [
      'limits, with more cpu than there is',
      { resources: { limits: { cpu: '16', memory: '1Gi' } } },
      {},
      { NanoCpus: 4e9, Memory: 2 ** 30, MemorySwap: 2 ** 30 },
    ],
    [
      'rights of the container',
      {
        securityContext: {
          runAsUser: 1000,
          runAsGroup: 2000,
          privileged: true,
          readOnlyRootFilesystem: true,
          allowPrivilegeEscalation: false,
          capabilities: { add: ['IPC_LOCK'], drop: ['ALL'] },
          seccompProfile: { type: 'Unconfined' },
          procMount: 'Unmasked',
        },
      },
      {},
      {
        User: '1000:2000',
        CapAdd: ['IPC_LOCK'],
        CapDrop: ['ALL'],
        Privileged: true,
        ReadonlyRootfs: true,
        SecurityOpt: ['no-new-privileges', 'seccomp=unconfined'],
        MaskedPaths: [],
        ReadonlyPaths: [],
        Ulimits: [{ Name: 'memlock', Soft: -1, Hard: -1 }],
      },
    ],
    [
      'rights of the pod',
      {},
      {
        securityContext: {
          runAsUser: 5,
          supplementalGroups: [7],
          sysctls: [{ name: 'net.core.somaxconn', value: '1024' }],
          ...({ appArmorProfile: { type: 'Localhost', localhostProfile: 'mine' } } as object),
        },
      },
      {
        User: '5',
        GroupAdd: ['7'],
        Sysctls: { 'net.core.somaxconn': '1024' },
        SecurityOpt: ['apparmor=mine'],
      },
    ],
    [
      'name service',
      {},
      {
        dnsConfig: {
          nameservers: ['1.1.1.1'],
          searches: ['a'],
          options: [{ name: 'ndots', value: '2' }, { name: 'rotate' }],
        },
        hostAliases: [
          { ip: '10.0.0.1', hostnames: ['x', 'y'] },
          { ip: '10.0.0.2', hostnames: ['x'] },
        ],
      },
      {
        Dns: ['1.1.1.1'],
        DnsSearch: ['a'],
        DnsOptions: ['ndots:2', 'rotate'],
        ExtraHosts: ['x:10.0.0.1', 'y:10.0.0.1', 'x:10.0.0.2'],
      },
    ],
    ['a runtime that is there', {}, { runtimeClassName: 'nvidia' }, { Runtime: 'nvidia' }],
    ['a runtime that is not there', {}, { runtimeClassName: 'kata' }, {}],
    [
      'shared memory',
      { volumeMounts: [{ name: 'shm', mountPath: '/dev/shm' }] },
      { volumes: [{ name: 'shm', emptyDir: { medium: 'Memory', sizeLimit: '2Gi' } }] },
      { ShmSize: 2 * 2 ** 30 },
    ],
  ])('%s', (_case, container, spec, expected) => {
    expect(differing(body(container, spec))).toEqual(expected);
  });

  it('the host’s network, IPC and processes', () => {
    const of = body(
      { ports: [{ containerPort: 8000 }] },
      { hostNetwork: true, hostIPC: true, hostPID: true },
    );
    expect(of.HostConfig).toMatchObject({
      NetworkMode: 'host',
      IpcMode: 'host',
      PidMode: 'host',
      PortBindings: {},
    });
    expect([of.Hostname, of.NetworkingConfig]).toEqual([undefined, undefined]);
  });

  it('a sandbox has what is the pod’s, and the others join it', () => {
    const [sandbox, main, second] = bodies({
      shareProcessNamespace: true,
      dnsConfig: { nameservers: ['1.1.1.1'] },
      containers: [
        { name: 'main', image: 'i', ports: [{ containerPort: 8000 }] },
        { name: 'second', image: 'i' },
      ],
    });
    expect(sandbox?.HostConfig).toMatchObject({
      NetworkMode: 'net-ns',
      IpcMode: 'shareable',
      Dns: ['1.1.1.1'],
    });
    expect(Object.keys(sandbox?.ExposedPorts ?? {})).toEqual(['8000/tcp']);
    for (const each of [main, second]) {
      const joined = `container:${sandbox?.name ?? ''}`;
      expect(each?.HostConfig).toMatchObject({
        NetworkMode: joined,
        IpcMode: joined,
        PidMode: joined,
        PortBindings: {},
      });
      expect(each?.HostConfig?.Dns).toBeUndefined();
      expect(each?.Hostname).toBeUndefined();
    }
  });
});
