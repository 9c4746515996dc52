import { expect, it } from 'vitest';
import { pullMessage, readPullMessage } from '../../../src/api/pull-message.js';

const gib = 2 ** 30;

it.each([
  [1.2 * gib, 4.7 * gib, '1.2/4.7 GiB', 25],
  [0, 999, '0/999 B', 0],
  [512, 2048, '0.5/2.0 KiB', 25],
  [150 * 2 ** 20, 300 * 2 ** 20, '150/300 MiB', 50],
  [2048 * gib, 2048 * gib, '2.0/2.0 TiB', 100],
])('%d of %d is %s, and is read again', (doneBytes, totalBytes, amount, percent) => {
  const message = pullMessage('r.io/a:1', { doneBytes, totalBytes });
  expect(message).toBe(`Pulling image "r.io/a:1": ${amount} (${percent} %)`);
  expect(readPullMessage(message)).toEqual({ image: 'r.io/a:1', amount, percent });
});

it('has no number before the first bytes, and other messages are none of a pull', () => {
  expect(pullMessage('a', { doneBytes: 0, totalBytes: 0 })).toBe('Pulling image "a"');
  expect(readPullMessage('Pulling image "a"')).toEqual({ image: 'a', amount: '', percent: undefined });
  expect(readPullMessage('Back-off pulling image "a"')).toBeUndefined();
});
