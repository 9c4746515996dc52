import type { Container } from 'kubernetes-types/core/v1.js';
import { describe, expect, it } from 'vitest';
import { overlayStandIn } from '../../../src/api/overlay-stand-in.js';
import type { RoleSpec } from '../../../src/api/types/model-serving.js';

const role = (containers: Container[], initContainers: Container[] = []): RoleSpec => ({
  name: 'decode',
  replicas: 1,
  workerReplicas: 0,
  entryTemplate: { spec: { containers, ...(initContainers.length > 0 && { initContainers }) } },
});
const laid = (container: Container) => {
  const { roles, replacements } = overlayStandIn([role([container])]);
  return {
    container: roles[0]?.entryTemplate.spec?.containers[0],
    template: roles[0]?.entryTemplate,
    replacements,
  };
};

describe('images in whose place the stand-in runs', () => {
  it.each([
    'vllm/vllm-openai:v0.10.1',
    'vllm/vllm-openai@sha256:0123',
    'docker.io/vllm/vllm-openai',
    'registry.local:5000/team/vllm:dev',
    'quay.io/ascend/vllm-ascend:v0.9',
    'rocm/vllm-dev:nightly',
    'lmcache/vllm-openai:latest',
    'nvcr.io/nvidia/tritonserver:24.05-vllm-python-py3',
    'lmsysorg/sglang:v0.4.6-cu124',
    'ghcr.io/llm-d/llm-d-cuda:v0.3',
    'ghcr.io/volcano-sh/runtime:latest',
    'aibrix/runtime:v0.4.0',
    'aibrix/vllm-openai:v0.10.0',
  ])('%s', (image) =>
    expect(laid({ name: 'a', image }).container?.image).toBe('minithena/vllm-standin:latest'),
  );

  it.each([
    'busybox:1',
    'nginx',
    'envoyproxy/envoy:v1',
    'minithena/vllm-standin:latest',
    'example.com/sglangish-tool',
    'my/runtime',
  ])('not %s', (image) => {
    const container = { name: 'a', image };
    const { container: after, replacements, template } = laid(container);
    expect(after).toEqual(container);
    expect(replacements).toEqual([]);
    expect(template?.metadata).toBeUndefined();
  });
});

describe('what is kept', () => {
  it('names, ports, command lines, variables, probes and mounts; not what it needs', () => {
    const kept: Container = {
      name: 'vllm',
      command: ['sh', '-c'],
      args: ['exec vllm serve m'],
      env: [{ name: 'A', value: 'b' }],
      ports: [{ containerPort: 8000, name: 'http' }],
      readinessProbe: { httpGet: { port: 'http' } },
      volumeMounts: [{ name: 'shm', mountPath: '/dev/shm' }],
    };
    const given: Container = {
      ...kept,
      image: 'vllm/vllm-openai:v1',
      imagePullPolicy: 'Always',
      resources: { limits: { 'nvidia.com/gpu': '8', memory: '500Gi' } },
    };
    const before = structuredClone(given);
    const { container, template, replacements } = laid(given);
    expect(container).toEqual({
      ...kept,
      image: 'minithena/vllm-standin:latest',
      imagePullPolicy: 'IfNotPresent',
    });
    expect(template?.metadata?.annotations).toEqual({ 'minithena.dev/stand-in': 'vllm=vllm/vllm-openai:v1' });
    expect(replacements).toEqual([{ role: 'decode', container: 'vllm', image: 'vllm/vllm-openai:v1' }]);
    expect(given).toEqual(before);
  });

  it.each<[string, Partial<Container>]>([
    ['a downloader’s image', { image: 'ghcr.io/volcano-sh/downloader:latest', args: ['--source', 'm'] }],
    ['a cloud’s command line', { image: 'amazon/aws-cli:2', args: ['s3', 'cp', 's3://b/m', '/m'] }],
    [
      'a command that downloads',
      { image: 'python:3.12', command: ['sh', '-c', 'hf download org/m --local-dir /m'] },
    ],
    [
      'an engine’s image that downloads',
      { image: 'vllm/vllm-openai', command: ['huggingface-cli', 'download', 'm'] },
    ],
  ])('as an init container, %s becomes one that is done at once', (_case, container) => {
    const { roles } = overlayStandIn([role([{ name: 'a', image: 'x' }], [{ name: 'i', ...container }])]);
    const init = roles[0]?.entryTemplate.spec?.initContainers?.[0];
    expect(init?.command).toEqual(['/usr/local/bin/node', '/standin/download.js']);
    expect(init?.args).toEqual([...(container.command ?? []), ...(container.args ?? [])]);
  });
});
