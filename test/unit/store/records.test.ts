import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ControllerRevision } from '../../../src/api/types/resources.js';
import { type ModelServingRecord, openRecords } from '../../../src/store/records.js';

let directory = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'records-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const record = (name = 'sample', generation = 1): ModelServingRecord => ({
  format: 1,
  namespace: 'default',
  name,
  uid: 'uid',
  generation,
  creationTimestamp: '2026-01-01T00:00:00.000Z',
  spec: {
    replicas: 1,
    recoveryPolicy: 'RoleRecreate',
    rolloutStrategy: { type: 'ServingGroupRollingUpdate' },
    template: { restartGracePeriodSeconds: 0, roles: [] },
  },
  currentRevision: 'r1',
  groups: [
    {
      ordinal: 0,
      counts: { prefill: 1 },
      revision: 'r1',
      status: 'Deleting',
      deleting: { reason: 'OutOfRange', atMs: 5 },
      deletingInstances: { 'prefill-0': { reason: 'SurplusInstance', atMs: 4 } },
    },
  ],
  backOff: { 'sample-0': { failures: 2, lastFailureMs: 3 } },
  baselines: { 'pod-uid': { restarts: 1, failedSinceMs: 2 } },
});
const revision = (name: string): ControllerRevision => ({
  apiVersion: 'apps/v1',
  kind: 'ControllerRevision',
  metadata: { name, namespace: 'default' },
  revision: 1,
  data: { roles: [] },
});
const fileOf = (name: string) => join(directory, 'records', `default_${name}.json`);

describe('the records', () => {
  it('come back as they were written, by the next process', () => {
    const records = openRecords(directory);
    records.write(record());
    records.writeRevision(revision('sample-r1'));
    const next = openRecords(directory);
    expect(next.all()).toEqual([record()]);
    expect(next.get('default', 'sample')).toEqual(record());
    expect(next.get('other', 'sample')).toBeUndefined();
    expect(next.revisions()).toEqual([revision('sample-r1')]);
  });

  it('are readable by their owner alone', () => {
    openRecords(directory).write(record());
    expect(statSync(fileOf('sample')).mode & 0o777).toBe(0o600);
  });

  it('are not written again when nothing changed', () => {
    const records = openRecords(directory);
    records.write(record());
    const before = statSync(fileOf('sample')).ino;
    records.write(record());
    expect(statSync(fileOf('sample')).ino).toBe(before);
    records.write(record('sample', 2));
    expect(statSync(fileOf('sample')).ino).not.toBe(before);
  });

  it('go with what they are about', () => {
    const records = openRecords(directory);
    records.write(record());
    records.writeRevision(revision('sample-r1'));
    records.remove('default', 'sample');
    records.removeRevision('default', 'sample-r1');
    records.remove('default', 'sample');
    expect(records.all()).toEqual([]);
    expect(openRecords(directory).all()).toEqual([]);
    expect(openRecords(directory).revisions()).toEqual([]);
  });

  it.each([
    ['half a file', '{"format": 1, "name"'],
    ['nothing', ''],
    ['null', 'null'],
    ['an object of something else', '{"format": 1}'],
  ])('are set aside and reported when they hold %s, and the others stay', (_what, text) => {
    openRecords(directory).write(record('good'));
    writeFileSync(fileOf('bad'), text);
    const problems: string[] = [];
    const records = openRecords(directory, (message) => problems.push(message));
    expect(records.all().map((each) => each.name)).toEqual(['good']);
    expect(problems.length).toBe(1);
    expect(problems[0]).toContain(fileOf('bad'));
    expect(readFileSync(`${fileOf('bad')}.corrupt`, 'utf8')).toBe(text);
    records.write(record('bad'));
    expect(openRecords(directory, (message) => problems.push(message)).all().length).toBe(2);
    expect(problems.length).toBe(1);
  });

  it('of a newer program are refused and left as they are', () => {
    openRecords(directory);
    writeFileSync(fileOf('sample'), '{"format": 99, "anything": true}');
    expect(() => openRecords(directory)).toThrow(
      expect.objectContaining({ code: 'StateTooNew', hint: expect.stringContaining('--cluster') }),
    );
    expect(readdirSync(join(directory, 'records'))).toEqual(['default_sample.json']);
  });

  it('that cannot be written say so, keep the last ones, and go on when they can', () => {
    const records = openRecords(directory);
    records.write(record());
    // Also root cannot write into a folder that is not there.
    rmSync(join(directory, 'records'), { recursive: true });
    writeFileSync(join(directory, 'records'), 'in the way');
    expect(() => records.write(record('sample', 2))).toThrow(
      expect.objectContaining({ code: 'StateNotWritable' }),
    );
    expect(records.get('default', 'sample')?.generation).toBe(1);
    rmSync(join(directory, 'records'));
    mkdirSync(join(directory, 'records'));
    chmodSync(join(directory, 'records'), 0o700);
    records.write(record('sample', 2));
    expect(openRecords(directory).get('default', 'sample')?.generation).toBe(2);
  });
});
