import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { takeLock } from '../../../src/daemon/take-lock.js';

const directory = () => mkdtempSync(join(tmpdir(), 'lock-'));

describe('takeLock', () => {
  it('lets one process in, and the next one after its release', () => {
    const at = directory();
    const held = takeLock(at);
    expect(() => takeLock(at)).toThrow(`pid ${process.pid}`);
    held.release();
    takeLock(at).release();
    expect(readdirSync(at)).toEqual([]);
  });

  it('takes over the lock of a process that was killed', () => {
    const at = directory();
    const gone = spawnSync(process.execPath, ['-e', '']).pid;
    writeFileSync(join(at, 'lock'), JSON.stringify({ pid: gone, startTicks: 'boot/1' }));
    takeLock(at).release();
  });

  it('does not take a process for the holder only because it got its pid', () => {
    const at = directory();
    writeFileSync(join(at, 'lock'), JSON.stringify({ pid: process.pid, startTicks: 'another boot/1' }));
    if (process.platform === 'linux') takeLock(at).release();
    else expect(() => takeLock(at)).toThrow('holds');
  });

  it('takes over a lock that was not written to the end', () => {
    const at = directory();
    writeFileSync(join(at, 'lock'), '{"pid":');
    takeLock(at).release();
  });
});
