import { describe, expect, it } from 'vitest';
import { followServings } from '../../../src/cli/follow/follow-servings.js';
import { hopelessPods } from '../../../src/cli/follow/hopeless.js';
import { makeOutput } from '../../../src/cli/output.js';
import { fakeClient } from './fake-client.js';
import { nowMs, pod, serving } from './sample-objects.js';

const refs = [{ namespace: 'default', name: 'sample' }];

function following() {
  let said = '';
  const clock = { nowMs };
  const silent = { write: () => {} };
  const output = makeOutput({ stdout: silent, stderr: { write: (text) => (said += text) } }, {}, {});
  const stop = new AbortController();
  const context = {
    options: { cluster: 'default' },
    output,
    env: {},
    signal: stop.signal,
    namespace: 'default',
    now: () => clock.nowMs,
    client: () => Promise.reject(new Error('not asked for')),
  };
  return { context, clock, stop, said: () => said };
}

describe('following what `up` began', () => {
  it('ends when all is Available at the newest spec, with a line per change', async () => {
    const { context, said } = following();
    const client = fakeClient({
      modelservings: [serving({ generation: 3 })],
      pods: [pod('a', { waiting: 'ContainerCreating' })],
    });
    const outcome = followServings(context, client, refs, 0);
    setTimeout(() => {
      client.put('pods', pod('a', { waiting: 'ContainerCreating' }));
      client.put('pods', pod('a'));
      client.put('pods', pod('stranger', { labels: { 'modelserving.volcano.sh/name': 'other' } }));
      client.put('modelservings', serving({ generation: 3, observed: 3 }));
    }, 5);
    expect(await outcome).toMatchObject({ type: 'available', servings: [{ metadata: { name: 'sample' } }] });
    const lines = said()
      .split('\n')
      .map((line) => line.replace(/^\d\d:\d\d:\d\d /, ''));
    expect(lines.filter((line) => line.includes('pod'))).toEqual([
      '⏳ pod a ContainerCreating',
      '✅ pod a Ready',
    ]);
    expect(lines).toContain('✅ sample Available: All Serving groups are ready');
  });

  it('gives up on a spec that does not validate', async () => {
    const annotations = { 'minithena.dev/invalid-spec': 'V4 a.yaml:1:1 no' };
    const client = fakeClient({ modelservings: [serving({ annotations })] });
    expect(await followServings(following().context, client, refs, 0)).toEqual({
      type: 'hopeless',
      reasons: ['V4 a.yaml:1:1 no'],
    });
  });

  it('ends late with what is not there, and at Ctrl-C', async () => {
    const late = following();
    const outcome = followServings(late.context, fakeClient(), refs, 60_000);
    setTimeout(() => {
      late.clock.nowMs += 60_000;
    }, 5);
    expect(await outcome).toEqual({ type: 'late', reasons: ['sample does not exist'] });
    const { context, stop } = following();
    const stopped = followServings(context, fakeClient(), refs, 0);
    stop.abort();
    expect(await stopped).toEqual({ type: 'interrupted' });
  });
});

describe('what is hopeless', () => {
  it('is more than there is in all, at once, said once for all who lack the same; not what an older spec asked for', () => {
    const pods = hopelessPods();
    const never =
      '0/1 nodes are available: 1 Insufficient nvidia.com/gpu (4 requested, 2 in all). This can never fit.';
    const pending = (name: string, message: string) => {
      const made = pod(name);
      const conditions = [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message }];
      return { ...made, status: { phase: 'Pending', conditions } };
    };
    pods.changed(pending('a', never), nowMs);
    pods.changed(pending('b', never), nowMs);
    pods.changed(
      pending('c', '0/1 nodes are available: 1 Insufficient nvidia.com/gpu (1 requested, 0 free).'),
      nowMs,
    );
    expect(pods.reasons(nowMs + 1_000)).toEqual([]);
    expect(pods.reasons(nowMs + 2_000)).toEqual([`pod a InsufficientGPU: ${never}`]);
    pods.removed('a');
    pods.removed('b');
    expect(pods.reasons(nowMs + 600_000)).toEqual([]);
  });

  it('is an image that is not to be had for some time, whichever of the two words it stands at', () => {
    const pods = hopelessPods();
    pods.changed(pod('a', { waiting: 'ErrImagePull', message: 'no such image' }), nowMs);
    expect(pods.reasons(nowMs + 40_000)).toEqual([]);
    pods.changed(pod('a', { waiting: 'ImagePullBackOff', message: 'no such image' }), nowMs + 41_000);
    expect(pods.reasons(nowMs + 46_000)).toEqual(['pod a ImagePullBackOff: no such image']);
    pods.changed(pod('a'), nowMs + 47_000);
    expect(pods.reasons(nowMs + 99_000)).toEqual([]);
  });

  it('is an image that is missing or denied at its second try; a network may come back', () => {
    const tries = (said: string) => {
      const pods = hopelessPods();
      const at: string[] = [];
      for (const [seconds, waiting] of [
        [0, 'ErrImagePull'],
        [1, 'ImagePullBackOff'],
        [10, 'ContainerCreating'],
        [11, 'ErrImagePull'],
        [12, 'ImagePullBackOff'],
        [60, 'ImagePullBackOff'],
      ] as const) {
        pods.changed(pod('a', { waiting, message: said }), nowMs + seconds * 1000);
        if (pods.reasons(nowMs + seconds * 1000).length > 0) at.push(`${seconds} ${waiting}`);
      }
      return at;
    };
    expect(tries('manifest for x not found: manifest unknown')[0]).toBe('11 ErrImagePull');
    expect(tries('unauthorized: authentication required')[0]).toBe('11 ErrImagePull');
    expect(tries('write: no space left on device')).toEqual(['60 ImagePullBackOff']);
    expect(tries('i/o timeout')).toEqual([]);
  });

  it('is an invalid image name at once, and an image that is never pulled soon', () => {
    const pods = hopelessPods();
    pods.changed(pod('a', { waiting: 'InvalidImageName' }), nowMs);
    pods.changed(pod('b', { waiting: 'ErrImageNeverPull' }), nowMs);
    expect(pods.reasons(nowMs)).toEqual(['pod a InvalidImageName']);
    expect(pods.reasons(nowMs + 5_000)).toEqual(['pod a InvalidImageName', 'pod b ErrImageNeverPull']);
  });

  it('is a container that fails again and again, also when its pod is made anew each time', () => {
    const pods = hopelessPods();
    for (const uid of ['1', '2', '3'])
      pods.changed(pod('a', { uid, waiting: 'CrashLoopBackOff', exitCode: 1 }), nowMs);
    expect(pods.reasons(nowMs)).toEqual([]);
    pods.changed(pod('a', { uid: '4', waiting: 'CrashLoopBackOff', exitCode: 1 }), nowMs);
    expect(pods.reasons(nowMs)).toEqual(['pod a failed 4 times (CrashLoopBackOff)']);
  });

  it('is nothing that an engine knows no more after contact was lost', () => {
    const pods = hopelessPods();
    pods.changed(pod('a', { waiting: 'ErrImagePull' }), nowMs);
    pods.forget();
    expect(pods.reasons(nowMs + 99_000)).toEqual([]);
  });

  it('is not a pod that starts, and not one that goes', () => {
    const pods = hopelessPods();
    pods.changed(pod('a', { waiting: 'ContainerCreating' }), nowMs);
    pods.changed(pod('b', { waiting: 'ImagePullBackOff', deleting: true }), nowMs);
    expect(pods.reasons(nowMs + 3_600_000)).toEqual([]);
  });
});
