import { expect, it } from 'vitest';
import { oneStampALine } from '../../../../src/kubelet/docker/one-stamp-a-line.js';
import type { LogChunk } from '../../../../src/kubelet/engine.js';

const stamp = '2026-11-24T02:52:07.718071700Z ';
async function read(...pieces: [LogChunk['stream'], string][]): Promise<string[]> {
  async function* chunks() {
    for (const [stream, text] of pieces) yield { stream, data: Buffer.from(text) };
  }
  const told: string[] = [];
  for await (const { stream, data } of oneStampALine(chunks()))
    told.push(`${stream} ${Buffer.from(data).toString()}`);
  return told;
}

it('keeps the time of a line, and of none of its pieces', async () => {
  expect(
    await read(
      ['stdout', `${stamp}one\n`],
      ['stdout', `${stamp}two, `],
      ['stderr', `${stamp}between\n`],
      ['stdout', `${stamp}which is long, `],
      ['stdout', `${stamp}and ends\n`],
      ['stdout', `${stamp}three\n`],
    ),
  ).toEqual([
    `stdout ${stamp}one\n`,
    `stdout ${stamp}two, `,
    `stderr ${stamp}between\n`,
    'stdout which is long, ',
    'stdout and ends\n',
    `stdout ${stamp}three\n`,
  ]);
});

it('takes nothing from a piece that has no time', async () => {
  expect(await read(['stdout', `${stamp}a`], ['stdout', 'b\n'])).toEqual([`stdout ${stamp}a`, 'stdout b\n']);
});
