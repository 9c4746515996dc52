import { readFileSync } from 'node:fs';
import Docker from 'dockerode';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { label, ownerLabel } from '../../src/api/labels.js';
import { dockerBed } from './docker-bed.js';
import { eventually } from './eventually.js';
import { kubeletBed } from './kubelet-bed.js';

const docker = new Docker();
let bed: Awaited<ReturnType<typeof dockerBed>>;
let k: Awaited<ReturnType<typeof kubeletBed>>;
beforeAll(async () => {
  bed = await dockerBed('fields');
  k = await kubeletBed(bed);
});
afterAll(async () => {
  await k.close();
  await bed.close();
});
const inspect = async (pod: string, container = 'main') => {
  const found = (await k.containers(pod)).find((c) => c.labels[ownerLabel.container] === container);
  return docker.getContainer(found?.containerId ?? '').inspect();
};
const eventsOf = (pod: string) =>
  k.store
    .list('events')
    .items.filter((each) => each.involvedObject.name === pod)
    .map((each) => `${each.type} ${each.reason}: ${each.message}`);
const said = async (pod: string, script: string) => (await k.inside(pod, script)).output;

describe.concurrent('fields of a pod, on the real engine', () => {
  it('user, groups, capabilities, a root file system that is read only, no new rights', async () => {
    k.add('rights', {
      securityContext: { runAsUser: 1000, supplementalGroups: [3000] },
      containers: [
        k.container({
          securityContext: {
            runAsGroup: 2000,
            readOnlyRootFilesystem: true,
            allowPrivilegeEscalation: false,
            capabilities: { add: ['SYS_PTRACE'], drop: ['NET_RAW'] },
          },
        }),
      ],
    });
    await k.ready('rights');
    expect(await said('rights', 'id -u; id -g; id -G')).toBe('1000\n2000\n2000 3000\n');
    expect(await said('rights', 'touch /x 2>&1; grep NoNewPrivs /proc/self/status')).toBe(
      'touch: /x: Read-only file system\nNoNewPrivs:\t1\n',
    );
    const { HostConfig } = await inspect('rights');
    expect(HostConfig.CapAdd?.map((each: string) => each.replace('CAP_', ''))).toEqual(['SYS_PTRACE']);
    expect(HostConfig.CapDrop?.map((each: string) => each.replace('CAP_', ''))).toEqual(['NET_RAW']);
  });

  it('seccomp off, /proc unmasked', async () => {
    k.add('strong', {
      containers: [
        k.container(),
        k.container({
          name: 'second',
          securityContext: { seccompProfile: { type: 'Unconfined' }, procMount: 'Unmasked' },
        }),
      ],
    });
    await k.ready('strong');
    const second = await inspect('strong', 'second');
    expect(second.HostConfig.SecurityOpt).toEqual(['seccomp=unconfined']);
    expect((second.HostConfig as { MaskedPaths?: string[] }).MaskedPaths).toEqual([]);
  });

  it('runAsNonRoot: an image that runs as root is refused with the reason', async () => {
    k.add('nonroot', { containers: [k.container({ securityContext: { runAsNonRoot: true } })] });
    const pod = await k.untilPod(
      'nonroot',
      'refused',
      (p) => p.status?.containerStatuses?.[0]?.state?.waiting?.reason === 'CreateContainerConfigError',
    );
    expect(pod.status?.containerStatuses?.[0]?.state?.waiting?.message).toMatch(
      /runAsNonRoot and image will run as root/,
    );
    k.add('nonroot2', {
      containers: [k.container({ securityContext: { runAsNonRoot: true, runAsUser: 65534 } })],
    });
    await k.ready('nonroot2');
  });

  it('name servers, host aliases that stand twice, sysctls', async () => {
    k.add('names', {
      dnsConfig: {
        nameservers: ['10.9.9.9'],
        searches: ['x.test'],
        options: [{ name: 'ndots', value: '5' }],
      },
      hostAliases: [
        { ip: '10.0.0.7', hostnames: ['a.test', 'b.test'] },
        { ip: '10.0.0.8', hostnames: ['a.test'] },
      ],
      securityContext: { sysctls: [{ name: 'net.ipv4.ip_unprivileged_port_start', value: '0' }] },
      containers: [k.container(), k.container({ name: 'second' })],
    });
    await k.ready('names');
    expect(await said('names', 'cat /etc/resolv.conf')).toMatch(/^search x\.test$/m);
    expect(await said('names', 'cat /etc/resolv.conf')).toMatch(/ndots:5/);
    expect(await said('names', 'grep test /etc/hosts')).toBe(
      '10.0.0.7\ta.test\n10.0.0.7\tb.test\n10.0.0.8\ta.test\n',
    );
    expect(await said('names', 'cat /proc/sys/net/ipv4/ip_unprivileged_port_start')).toBe('0\n');
  });

  it('shareProcessNamespace: one sees the other, and the dead are buried', async () => {
    k.add('shared', {
      shareProcessNamespace: true,
      containers: [
        k.container(),
        // Its child outlives its parent and dies as a child of process 1.
        k.container({
          name: 'second',
          script: 'sh -c "sleep 0.2 &"; exec sleep 1000001',
        }),
      ],
    });
    await k.ready('shared');
    expect(await said('shared', 'cat /proc/1/comm')).toBe('pause\n');
    // By the time of the second's own sleep, its child was there.
    await eventually('both sleep, and what died is gone', async () => {
      const sleeps = await said(
        'shared',
        "cat /proc/[0-9]*/cmdline | tr '\\0' ' ' | grep -o 'sleep [0-9][0-9.]*' | sort -u",
      );
      const zombies = await said('shared', 'cat /proc/[0-9]*/status | grep -c "^State:.Z"');
      return sleeps === 'sleep 1000000\nsleep 1000001\n' && zombies === '0\n';
    });
  });

  it('the host’s network, IPC and processes', async () => {
    k.add('host', { hostNetwork: true, hostIPC: true, hostPID: true, containers: [k.container()] });
    await k.ready('host');
    const { HostConfig } = await inspect('host');
    expect([HostConfig.NetworkMode, HostConfig.IpcMode, HostConfig.PidMode]).toEqual([
      'host',
      'host',
      'host',
    ]);
    expect(await said('host', 'cat /proc/1/comm')).toBe(readFileSync('/proc/1/comm', 'utf8'));
  });

  it('on the host’s network the entry pod is found by its name, from both sides', async () => {
    const env = (name: string) => [{ name: 'ENTRY_ADDRESS', value: `${name}.ns` }];
    const entry = (name: string, hostNetwork: boolean) =>
      k.add(name, {
        hostNetwork,
        containers: [k.container({ env: env(name) })],
      });
    const worker = (name: string, of: string, hostNetwork: boolean) =>
      k.add(name, { hostNetwork, containers: [k.container({ env: env(of) })] });
    // The worker is there first: it waits for the address.
    worker('w1', 'e1', true);
    entry('e1', false);
    entry('e2', true);
    worker('w2', 'e2', false);
    const [e1, e2] = [await k.ready('e1'), await k.ready('e2')];
    await Promise.all([k.ready('w1'), k.ready('w2')]);
    expect(await said('w1', 'grep "e1.ns$" /etc/hosts')).toBe(`${e1.status?.podIP ?? ''}\te1.ns\n`);
    expect(await said('w2', 'grep "e2.ns.svc$" /etc/hosts')).toBe(`${e2.status?.podIP ?? ''}\te2.ns.svc\n`);
  });

  it('more cpu than there is, and a runtime that is not there: lowered, and said once', async () => {
    k.add('much', {
      runtimeClassName: 'nvidia',
      containers: [k.container({ resources: { limits: { cpu: '512' } } })],
    });
    await k.ready('much');
    const { cpus } = await bed.engine.info();
    expect((await inspect('much')).HostConfig.NanoCpus).toBe(cpus * 1e9);
    const warnings = eventsOf('much').filter((each) => each.startsWith('Warning'));
    expect(warnings).toHaveLength(2);
    expect(warnings.join()).toMatch(/CpuLimitLowered: the cpu limit 512 of container main/);
    expect(warnings.join()).toMatch(/RuntimeClassNotFound: the engine has no runtime "nvidia"/);
  });

  it('a terminal, input, the folder, the labels and annotations of the template', async () => {
    k.create({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        name: 'plain',
        namespace: 'ns',
        labels: { team: 'a', [label.role]: 'decode' },
        annotations: { note: 'b' },
      },
      spec: {
        hostname: 'other',
        containers: [k.container({ tty: true, stdin: true, stdinOnce: true, workingDir: '/tmp/work' })],
      },
    });
    await k.ready('plain');
    const { Config } = await inspect('plain');
    expect([Config.Tty, Config.OpenStdin, Config.StdinOnce]).toEqual([true, true, true]);
    expect(Config.Labels.team).toBe('a');
    expect(await said('plain', 'hostname; readlink /proc/1/cwd')).toBe('other\n/tmp/work\n');
    expect(k.get('plain')?.metadata.annotations?.note).toBe('b');
  });
});
