import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ContainerStateTerminated } from 'kubernetes-types/core/v1.js';
import type { PodMarks } from '../api/pod-marks.js';
import { stableJson } from '../lib/stable-json.js';

/** What a restart of the daemon must not forget about a Pod although no container carries it. Losing it costs a probe period, nothing more. */
export interface PodRecord {
  /** Chosen host ports by `<containerPort>/<protocol>`. */
  ports: Record<string, number>;
  /** Verdicts of the probes by container id. */
  started: string[];
  ready: string[];
  lastState: Record<string, ContainerStateTerminated>;
  /** Runs whose postStart hook went well. */
  hooked: string[];
  /** Since when its containers are being stopped. */
  stoppingSinceMs?: number;
  /** Since when it runs, and whether that was longer than its activeDeadlineSeconds. */
  activeSinceMs?: number;
  deadlineExceeded?: boolean;
  /** When its sandbox was started again after it was lost: init containers that ended before run again. */
  initSinceMs?: number;
  /** Drills: until when it counts as unready, what is frozen until when, and the exit codes that ends are told as, by container id. */
  unreadyUntilMs?: number;
  paused?: { containerId: string; untilMs: number };
  toldExits?: Record<string, number>;
  /** Labels, annotations and conditions that it was given through the API. */
  marks?: PodMarks;
  /** What was written into its volumes, by their names: a hash of it. */
  volumes: Record<string, string>;
}
export interface PodRecords {
  read(podUid: string): PodRecord;
  /** Writes when something changed; a disk that refuses is reported once to `onError` and otherwise survived. */
  write(podUid: string, record: PodRecord): void;
  saveLog(podUid: string, container: string, data: Uint8Array): void;
  readLog(podUid: string, container: string): Uint8Array | undefined;
  remove(podUid: string): void;
}

export function podRecords(stateDir: string, onError: (error: unknown) => void): PodRecords {
  const folder = join(stateDir, 'pods');
  const written = new Map<string, string>();
  const of = (podUid: string) => join(folder, podUid.replace(/[^\w-]/g, '_'));
  const attempt = (run: () => void) => {
    try {
      run();
    } catch (error) {
      onError(error);
    }
  };
  return {
    read(podUid) {
      const empty: PodRecord = { ports: {}, started: [], ready: [], lastState: {}, volumes: {}, hooked: [] };
      try {
        return {
          ...empty,
          ...(JSON.parse(readFileSync(join(of(podUid), 'pod.json'), 'utf8')) as Partial<PodRecord>),
        };
      } catch {
        return empty;
      }
    },
    write(podUid, record) {
      const text = stableJson(record);
      if (written.get(podUid) === text) return;
      attempt(() => {
        mkdirSync(of(podUid), { recursive: true });
        const path = join(of(podUid), 'pod.json');
        writeFileSync(`${path}.new`, text, { mode: 0o600 });
        renameSync(`${path}.new`, path);
        written.set(podUid, text);
      });
    },
    saveLog(podUid, container, data) {
      attempt(() => {
        mkdirSync(of(podUid), { recursive: true });
        writeFileSync(join(of(podUid), `${container}.previous.log`), data, { mode: 0o600 });
      });
    },
    readLog(podUid, container) {
      try {
        return readFileSync(join(of(podUid), `${container}.previous.log`));
      } catch {
        return undefined;
      }
    },
    remove(podUid) {
      written.delete(podUid);
      attempt(() => rmSync(of(podUid), { recursive: true, force: true }));
    },
  };
}
