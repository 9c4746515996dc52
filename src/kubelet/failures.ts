import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import type { Failure } from '../api/control-types.js';
import { label } from '../api/labels.js';
import type { Pod } from '../api/types/resources.js';

/** How many are kept of each role instance. */
const kept = 3;

export interface Failures {
  /** Keeps one; of the same run the last word counts. */
  add(pod: Pod, failure: Failure): void;
  /** That a run which is kept ended for want of memory: the engine may say so when the Pod is gone already. */
  markOutOfMemory(pod: Pick<Pod, 'metadata'>, containerId: string): void;
  /** Of the role instance that the Pod belongs to, the newest first; they outlive the Pod. */
  of(pod: Pick<Pod, 'metadata'>): Failure[];
  /** Of the role instance that a Pod of this name belonged to, also while there is none: it may wait to be made again. */
  named(namespace: string, pod: string): Failure[];
  /** Those of a ModelServing that is gone. */
  drop(namespace: string, modelServing: string): void;
}

/** The name of a Pod without its index in the role instance. */
const instanceOf = (pod: string): string => pod.replace(/-\d+$/, '');

/** What a folder holds; nothing when there is none. */
function names(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** The last failures of role instances, in `<stateDir>/failures`. What cannot be written is left out: it explains, and never decides. */
export function openFailures(stateDir: string, onError: (error: unknown) => void): Failures {
  const root = join(stateDir, 'failures');
  const safe = (text: string | undefined) => (text ?? '').replace(/[^\w.-]/g, '_') || '_';
  const folder = (namespace: string, modelServing: string | undefined) =>
    join(root, `${safe(namespace)}_${safe(modelServing)}`);
  const fileOf = ({ metadata: { namespace, labels, name } }: Pick<Pod, 'metadata'>) => ({
    folder: folder(namespace, labels?.[label.modelServing]),
    file: `${safe(labels?.[label.group] ?? name)}_${safe(labels?.[label.roleId])}.json`,
  });
  const read = (path: string): Failure[] => {
    try {
      return JSON.parse(readFileSync(path, 'utf8')) as Failure[];
    } catch {
      return [];
    }
  };
  const write = (at: ReturnType<typeof fileOf>, all: readonly Failure[]) => {
    try {
      mkdirSync(at.folder, { recursive: true, mode: 0o700 });
      writeFileAtomic.sync(join(at.folder, at.file), JSON.stringify(all), { mode: 0o600 });
    } catch (error) {
      onError(error);
    }
  };
  return {
    add(pod, failure) {
      const at = fileOf(pod);
      const others = read(join(at.folder, at.file)).filter(
        (each) => each.containerId !== failure.containerId,
      );
      write(at, [failure, ...others].slice(0, kept));
    },
    markOutOfMemory(pod, containerId) {
      const at = fileOf(pod);
      const all = read(join(at.folder, at.file));
      const isMeant = (each: Failure) => each.containerId === containerId && each.reason !== 'OOMKilled';
      if (!all.some(isMeant)) return;
      write(
        at,
        all.map((each) => (isMeant(each) ? { ...each, reason: 'OOMKilled' } : each)),
      );
    },
    of(pod) {
      const at = fileOf(pod);
      return read(join(at.folder, at.file));
    },
    named(namespace, pod) {
      for (const entry of names(root).filter((each) => each.startsWith(`${safe(namespace)}_`)))
        for (const file of names(join(root, entry))) {
          const all = read(join(root, entry, file));
          if (all.some((each) => instanceOf(each.pod) === instanceOf(pod))) return all;
        }
      return [];
    },
    drop(namespace, modelServing) {
      rmSync(folder(namespace, modelServing), { recursive: true, force: true });
    },
  };
}
