import { expect, it } from 'vitest';
import { withField } from '../../../src/kubelet/field-of-refusal.js';

it.each([
  ['Minimum memory limit allowed is 6MB', 'resources.limits.memory'],
  ['Range of CPUs is from 0.01 to 2.00, as there are only 2 CPUs available', 'resources.limits.cpu'],
  [
    'could not select device driver "" with capabilities: [[gpu]]',
    'resources.limits; install the NVIDIA Container Toolkit, or pretend with `up --gpus fake:N`',
  ],
  ['Unknown runtime specified kata', 'runtimeClassName'],
  ['unable to find user nobody2: no matching entries in passwd file', 'securityContext.runAsUser'],
  ['OCI runtime create failed: exec: "/nope": stat /nope: no such file or directory: unknown', 'command'],
  ['invalid mount config for type "bind": bind source path does not exist: /nope', 'volumeMounts'],
  ['sysctl "net.ipv4.x" not allowed in host network namespace', 'securityContext.sysctls'],
  [
    'driver failed programming external connectivity: Bind for 0.0.0.0:80 failed: port is already allocated',
    'ports',
  ],
])('%s', (words, field) => expect(withField(words, 'vllm')).toBe(`${words} (container vllm: ${field})`));

it('says no more than it knows', () => expect(withField('something else', 'vllm')).toBe('something else'));
