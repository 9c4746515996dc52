import { expect, it } from 'vitest';
import { pullMessage } from '../../../src/api/pull-message.js';
import type { KubeEvent } from '../../../src/api/types/resources.js';
import { pullLines } from '../../../src/cli/follow/pull-lines.js';
import { pod } from './sample-objects.js';

const image = 'r.io/a:1';
const at = (percent: number) =>
  pod('a', {
    waiting: 'ContainerCreating',
    message: pullMessage(image, { doneBytes: percent, totalBytes: 100 }),
  });
const event = (reason: string, message: string) => ({ reason, message }) as KubeEvent;

it('one line per image: at its begin, every 10 % or 10 s, and at its end', () => {
  const lines = pullLines();
  const said = (found: ReturnType<typeof lines.pod>) =>
    found.map(({ subject, word, reason }) => `${subject} ${word} ${reason}`.trim());
  const pulling = event('Pulling', `Pulling image "${image}"`);
  expect(said(lines.event(pulling, 0))).toEqual(['image r.io/a:1 pulling']);
  expect(lines.event(pulling, 0)).toEqual([]);
  expect(lines.pod(at(3), 1000)).toEqual([]);
  expect(said(lines.pod(at(12), 2000))).toEqual(['image r.io/a:1 pulling 12/100 B (12 %)']);
  expect(lines.pod(at(19), 3000)).toEqual([]);
  expect(said(lines.pod(at(20), 4000))).toEqual(['image r.io/a:1 pulling 20/100 B (20 %)']);
  expect(lines.pod(at(21), 13_999)).toEqual([]);
  expect(said(lines.pod(at(21), 14_000))).toEqual(['image r.io/a:1 pulling 21/100 B (21 %)']);
  const done = event('Pulled', `Successfully pulled image "${image}" in 14.5s`);
  expect(said(lines.event(done, 15_000))).toEqual(['image r.io/a:1 pulled in 14.5s']);
  expect(lines.event(done, 15_000)).toEqual([]);
});

it('who joins later begins with what is there, and an image that was here is no line', () => {
  const lines = pullLines();
  expect(lines.pod(at(45), 0).map(({ reason }) => reason)).toEqual(['45/100 B (45 %)']);
  expect(lines.event(event('Pulled', 'Container image "b" already present on machine'), 0)).toEqual([]);
  expect(lines.pod(pod('b', { waiting: 'ContainerCreating' }), 0)).toEqual([]);
});
