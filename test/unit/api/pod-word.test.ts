import type { ContainerState, ContainerStatus, PodStatus } from 'kubernetes-types/core/v1.js';
import { expect, it } from 'vitest';
import { podWord } from '../../../src/api/pod-word.js';
import type { Pod } from '../../../src/api/types/resources.js';

const status = (
  name: string,
  state: ContainerState,
  more: Partial<ContainerStatus> = {},
): ContainerStatus => ({
  name,
  image: 'i',
  imageID: '',
  ready: false,
  restartCount: 0,
  state,
  ...more,
});
const pod = (podStatus: PodStatus | undefined, more: object = {}): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'p', namespace: 'default', ...more },
  spec: {
    initContainers: [{ name: 'i0' }, { name: 'i1', restartPolicy: 'Always' }],
    containers: [{ name: 'a' }, { name: 'b' }],
  },
  ...(podStatus && { status: podStatus }),
});
const running = { running: { startedAt: '2026-01-01T00:00:00Z' } };
const ended = (exitCode: number, reason?: string) => ({
  terminated: { exitCode, ...(reason && { reason }) },
});
const waiting = (reason: string) => ({ waiting: { reason } });
const apps = (...states: ContainerState[]): PodStatus => ({
  phase: 'Running',
  initContainerStatuses: [status('i0', ended(0)), status('i1', running, { started: true })],
  containerStatuses: states.map((state, at) => status('ab'[at] ?? '', state, { ready: 'running' in state })),
});
const inits = (...states: ContainerState[]): PodStatus => ({
  phase: 'Pending',
  initContainerStatuses: states.map((state, at) => status(`i${at}`, state)),
});

it.each<[string, Pod]>([
  ['Pending', pod(undefined)],
  ['Terminating', pod(apps(running, running), { deletionTimestamp: '2026-01-01T00:00:00Z' })],
  ['Evicted', pod({ phase: 'Failed', reason: 'Evicted' })],
  ['Init:0/2', pod(inits(waiting('PodInitializing'), waiting('PodInitializing')))],
  ['Init:1/2', pod(inits(ended(0), running))],
  ['Init:CrashLoopBackOff', pod(inits(waiting('CrashLoopBackOff')))],
  ['Init:Error', pod(inits(ended(1, 'Error')))],
  ['Init:ExitCode:3', pod(inits(ended(3)))],
  ['Running', pod(apps(running, running))],
  ['CrashLoopBackOff', pod(apps(running, waiting('CrashLoopBackOff')))],
  ['ErrImagePull', pod(apps(waiting('ErrImagePull'), waiting('CrashLoopBackOff')))],
  ['Completed', pod(apps(ended(0, 'Completed'), ended(0, 'Completed')))],
  ['Running', pod(apps(ended(0, 'Completed'), running))],
  ['OOMKilled', pod(apps(ended(137, 'OOMKilled'), running))],
])('says %s', (word, of) => {
  expect(podWord(of)).toBe(word);
});
