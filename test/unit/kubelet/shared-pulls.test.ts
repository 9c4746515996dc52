import { expect, it } from 'vitest';
import type { Engine, PullOptions } from '../../../src/kubelet/engine.js';
import { type PullRequest, sharedPulls } from '../../../src/kubelet/shared-pulls.js';
import { AppError } from '../../../src/lib/app-error.js';
import { manualClock } from '../../../src/lib/manual-clock.js';
import { settle } from './world.js';

interface Call extends PullOptions {
  image: string;
  end(error?: Error): void;
}

function bed() {
  const clock = manualClock();
  const calls: Call[] = [];
  const pullImage = (image: string, options: PullOptions) =>
    new Promise<void>((resolve, reject) => {
      const call = { ...options, image, end: (error?: Error) => (error ? reject(error) : resolve()) };
      options.signal?.addEventListener('abort', () => reject(new AppError('ImagePull', 'aborted')));
      calls.push(call);
    });
  const pull = sharedPulls({ pullImage } as unknown as Engine, clock, new AbortController().signal);
  const ask = (who: string, more: Partial<PullRequest> = {}) => {
    const told: string[] = [];
    const stop = new AbortController();
    const request: PullRequest = {
      image: 'i',
      auths: [],
      who,
      signal: stop.signal,
      onProgress: ({ doneBytes }) => told.push(String(doneBytes)),
      onFollow: (whose) => told.push(`after ${whose}`),
      ...more,
    };
    const done = pull(request).then(
      () => told.push('pulled'),
      (error: Error) => told.push(error.message),
    );
    return { told, stop, done };
  };
  const progress = (doneBytes: number) => {
    calls.at(-1)?.onProgress?.({ doneBytes, totalBytes: 100, layersDone: 0, layersTotal: 1 });
  };
  return { clock, calls, ask, progress };
}
const auth = (username: string) => ({ username, password: 'p', serveraddress: 'r' });

it('two pods, one pull; one of them is told how far it is, once a second', async () => {
  const { calls, ask, clock, progress } = bed();
  const a = ask('a');
  const b = ask('b');
  for (const bytes of [1, 2, 3]) progress(bytes);
  clock.advance(1000);
  progress(4);
  expect(a.told).toEqual(['1', '3']);
  clock.advance(1000);
  expect(calls).toHaveLength(1);
  calls[0]?.end();
  await Promise.all([a.done, b.done]);
  expect([a.told, b.told]).toEqual([
    ['1', '3', '4', 'pulled'],
    ['after a', 'pulled'],
  ]);
});

it('goes on for the other when the first gives up, and tells it the progress', async () => {
  const { calls, ask, progress } = bed();
  const a = ask('a');
  const b = ask('b');
  a.stop.abort();
  await a.done;
  progress(5);
  calls[0]?.end();
  await b.done;
  expect(a.told).toEqual(['the pull of i was given up']);
  expect(b.told).toEqual(['after a', '5', 'pulled']);
});

it('is broken off some time after nobody waits any more, and not when somebody came back', async () => {
  const { calls, ask, clock } = bed();
  const a = ask('a');
  a.stop.abort();
  await a.done;
  clock.advance(20_000);
  const b = ask('b');
  clock.advance(20_000);
  expect(calls[0]?.signal?.aborted).toBe(false);
  b.stop.abort();
  await b.done;
  clock.advance(30_000);
  expect(calls[0]?.signal?.aborted).toBe(true);
  await settle();
  ask('c');
  expect(calls).toHaveLength(2);
});

it('other credentials ask anew, one after the other', async () => {
  const { calls, ask } = bed();
  const a = ask('a', { auths: [auth('ada')] });
  const b = ask('b', { auths: [auth('bob')] });
  expect(calls.map((each) => each.auth?.username)).toEqual(['ada']);
  calls[0]?.end(new AppError('ImagePull', 'unauthorized'));
  await a.done;
  await settle();
  expect(calls.map((each) => each.auth?.username)).toEqual(['ada', 'bob']);
  calls[1]?.end();
  await b.done;
  expect([a.told, b.told]).toEqual([['unauthorized'], ['after a', 'pulled']]);
});

it('tries the next credentials where these are refused, and only then', async () => {
  const { calls, ask } = bed();
  const a = ask('a', { auths: [auth('one'), auth('two')] });
  calls[0]?.end(new AppError('ImagePull', 'unauthorized: incorrect username or password'));
  await settle();
  calls[1]?.end();
  await a.done;
  expect(calls.map((each) => each.auth?.username)).toEqual(['one', 'two']);
  const b = ask('b', { auths: [auth('one'), auth('two')] });
  calls[2]?.end(new AppError('ImagePull', 'i/o timeout'));
  await b.done;
  expect([a.told, b.told]).toEqual([['pulled'], ['i/o timeout']]);
});
