import { existsSync, mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openState } from '../../../src/daemon/open-state.js';

const directory = () => join(mkdtempSync(join(tmpdir(), 'state-')), 'default');

describe('openState', () => {
  it('makes an identity once and keeps it', () => {
    const at = directory();
    const first = openState(at);
    expect(first.isNew).toBe(true);
    first.update({ port: 4711, files: ['/a.yaml'] });
    const second = openState(at);
    expect(second.isNew).toBe(false);
    expect(second.current).toEqual({ ...first.current });
    expect(second.current.port).toBe(4711);
  });

  it('keeps the token to its owner', () => {
    const at = directory();
    openState(at);
    expect(statSync(join(at, 'state.json')).mode & 0o777).toBe(0o600);
    expect(statSync(at).mode & 0o777).toBe(0o700);
  });

  it('refuses what a newer version wrote, and leaves it alone', () => {
    const at = directory();
    openState(at);
    const file = join(at, 'state.json');
    const text = JSON.stringify({ ...JSON.parse(readFileSync(file, 'utf8')), format: 99, later: true });
    writeFileSync(file, text);
    expect(() => openState(at)).toThrowError(expect.objectContaining({ code: 'StateTooNew' }) as Error);
    expect(readFileSync(file, 'utf8')).toBe(text);
  });

  it('sets a damaged file aside instead of deleting it', () => {
    const at = directory();
    openState(at);
    writeFileSync(join(at, 'state.json'), '{"format": 1, "clus');
    expect(openState(at).isNew).toBe(true);
    expect(existsSync(join(at, 'state.json.corrupt'))).toBe(true);
  });

  it('says StateNotWritable where no directory can be made', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'state-')), 'a-file');
    writeFileSync(file, '');
    expect(() => openState(join(file, 'default'))).toThrowError(
      expect.objectContaining({ code: 'StateNotWritable' }) as Error,
    );
  });
});
