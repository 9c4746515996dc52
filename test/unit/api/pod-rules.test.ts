import type { Container, PodSpec } from 'kubernetes-types/core/v1.js';
import { describe, expect, it } from 'vitest';
import { checkPodSpec } from '../../../src/api/pod-rules/check-pod-spec.js';
import { fieldPath } from '../../../src/api/problem.js';

const found = (spec: Partial<PodSpec>): string[] =>
  checkPodSpec({ containers: [{ name: 'a', image: 'i' }], ...spec }, []).map(
    ({ path, message }) => `${fieldPath(path)}: ${message}`,
  );
const inContainer = (more: Partial<Container> & { restartPolicy?: string }, spec: Partial<PodSpec> = {}) =>
  found({ ...spec, containers: [{ name: 'a', image: 'i', ...more }] });
const volume = { name: 'v', emptyDir: {} };
const ports = [{ name: 'http', containerPort: 8000 }];

describe('a pod spec without contradictions', () => {
  it.each<[string, Partial<PodSpec>]>([
    ['the least', {}],
    [
      'probes of every kind',
      {
        containers: [
          {
            name: 'a',
            image: 'i',
            ports,
            startupProbe: { httpGet: { port: 'http' }, failureThreshold: 30 },
            livenessProbe: { tcpSocket: { port: 8000 }, terminationGracePeriodSeconds: 5 },
            readinessProbe: { grpc: { port: 9000 }, successThreshold: 2 },
            lifecycle: { preStop: { exec: { command: ['true'] } } },
          },
        ],
      },
    ],
    [
      'one volume at two places',
      {
        volumes: [volume],
        containers: [
          {
            name: 'a',
            image: 'i',
            volumeMounts: [
              { name: 'v', mountPath: '/a', subPath: 'a' },
              { name: 'v', mountPath: '/b', subPath: 'b' },
            ],
          },
        ],
      },
    ],
    [
      'devices by their limit alone, or by an equal request',
      {
        containers: [
          { name: 'a', image: 'i', resources: { limits: { 'nvidia.com/gpu': '2' } } },
          {
            name: 'b',
            image: 'i',
            resources: { limits: { 'nvidia.com/gpu': '1' }, requests: { 'nvidia.com/gpu': '1.0' } },
          },
        ],
      },
    ],
    [
      'a sidecar with a probe',
      {
        initContainers: [
          {
            name: 's',
            image: 'i',
            restartPolicy: 'Always',
            readinessProbe: { exec: { command: ['x'] } },
          } as Container,
        ],
      },
    ],
  ])('%s', (_case, spec) => expect(found(spec)).toEqual([]));
});

describe('contradictions', () => {
  it.each<[string, string[], string[]]>([
    [
      'two mounts on one path',
      inContainer(
        {
          volumeMounts: [
            { name: 'v', mountPath: '/a' },
            { name: 'v', mountPath: '/a/' },
          ],
        },
        { volumes: [volume] },
      ),
      ['containers[0].volumeMounts[1].mountPath: /a/ is where volume "v" is mounted already'],
    ],
    [
      'a volume that nobody defines',
      inContainer({ volumeMounts: [{ name: 'w', mountPath: '/a' }] }, { volumes: [volume] }),
      ['containers[0].volumeMounts[0].name: no volume is named "w"'],
    ],
    [
      'a volume of two sources',
      found({ volumes: [{ name: 'v', emptyDir: {}, hostPath: { path: '/x' } }] }),
      ['volumes[0].hostPath: volume "v" has emptyDir and hostPath'],
    ],
    [
      'paths that lead out',
      inContainer(
        { volumeMounts: [{ name: 'v', mountPath: '/a', subPath: '../b' }] },
        { volumes: [{ name: 'v', hostPath: { path: '/x/../y' } }] },
      ),
      [
        'containers[0].volumeMounts[0].subPath: subPath "../b" leads out of the volume',
        'volumes[0].hostPath.path: the host path "/x/../y" leads upwards',
      ],
    ],
    [
      'a probe on a port name that does not exist',
      inContainer({ ports, readinessProbe: { httpGet: { port: 'htpt' } } }),
      ['containers[0].readinessProbe.httpGet.port: container a has no port named "htpt"'],
    ],
    [
      'a probe of two handlers, and one of none',
      inContainer({
        livenessProbe: { tcpSocket: { port: 1 }, exec: { command: ['x'] } },
        readinessProbe: { periodSeconds: 1 },
      }),
      [
        'containers[0].livenessProbe: livenessProbe has exec and tcpSocket',
        'containers[0].readinessProbe: readinessProbe does nothing',
      ],
    ],
    [
      'thresholds and graces that mean nothing',
      inContainer({
        startupProbe: { tcpSocket: { port: 1 }, successThreshold: 2 },
        readinessProbe: { tcpSocket: { port: 1 }, terminationGracePeriodSeconds: 3 },
      }),
      [
        'containers[0].startupProbe.successThreshold: successThreshold of a startupProbe must be 1',
        'containers[0].readinessProbe.terminationGracePeriodSeconds: a readinessProbe never ends a container, so it has no terminationGracePeriodSeconds',
      ],
    ],
    [
      'a probe of an init container',
      found({ initContainers: [{ name: 'i', image: 'i', livenessProbe: { tcpSocket: { port: 1 } } }] }),
      ['initContainers[0].livenessProbe: an init container that runs to its end has no livenessProbe'],
    ],
    [
      'devices requested unlike their limit',
      inContainer({
        resources: {
          requests: { 'nvidia.com/gpu': '1', 'huawei.com/ascend': '1' },
          limits: { 'nvidia.com/gpu': '2' },
        },
      }),
      [
        'containers[0].resources.requests[nvidia.com/gpu]: nvidia.com/gpu: a request of 1 and a limit of 2; they must be equal',
        'containers[0].resources.requests[huawei.com/ascend]: huawei.com/ascend: a request of 1 and no limit; they must be equal',
      ],
    ],
    [
      'half a device, less than nothing, more than the limit',
      inContainer({
        resources: {
          limits: { 'nvidia.com/gpu': '500m', cpu: '-1', memory: '1Gi' },
          requests: { memory: '2Gi' },
        },
      }),
      [
        'containers[0].resources.limits[nvidia.com/gpu]: nvidia.com/gpu 500m is not a whole number',
        'containers[0].resources.limits.cpu: cpu -1 is negative',
        'containers[0].resources.requests.memory: the request 2Gi of memory is more than its limit 1Gi',
      ],
    ],
    [
      'one host port twice',
      found({
        containers: [
          { name: 'a', image: 'i', ports: [{ containerPort: 1, hostPort: 80 }] },
          { name: 'b', image: 'i', ports: [{ containerPort: 2, hostPort: 80 }] },
        ],
      }),
      ['containers[1].ports[0].hostPort: host port 80 is claimed by container a already'],
    ],
    [
      'names',
      found({
        initContainers: [{ name: 'a', image: 'i' }],
        containers: [
          { name: 'a', image: 'i' },
          {
            name: 'B',
            image: 'i',
            env: [{ name: 'X', value: 'x', valueFrom: { fieldRef: { fieldPath: 'm' } } }],
          },
        ],
      }),
      [
        'containers[0].name: an init container is named "a" as well',
        'containers[1].name: the container name "B" is no DNS label',
        'containers[1].env[0].valueFrom: the variable X has a value and a valueFrom',
      ],
    ],
    [
      'root that must not be, and rights given and taken',
      inContainer({
        securityContext: {
          runAsNonRoot: true,
          runAsUser: 0,
          privileged: true,
          allowPrivilegeEscalation: false,
        },
      }),
      [
        'containers[0].securityContext.allowPrivilegeEscalation: allowPrivilegeEscalation: false contradicts privileged: true',
        'containers[0].securityContext.runAsUser: container a must not run as root (runAsNonRoot), and runAsUser is 0',
      ],
    ],
    [
      'no name server, and addresses that are none',
      found({
        dnsPolicy: 'None',
        dnsConfig: { searches: ['x'] },
        hostAliases: [{ ip: '10.0.0.999', hostnames: ['x'] }],
      }),
      [
        'dnsPolicy: dnsPolicy None leaves the pod without a name server',
        'hostAliases[0].ip: "10.0.0.999" is no IP address',
      ],
    ],
  ])('%s', (_case, problems, expected) => expect(problems).toEqual(expected));
});
