import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import type { ModelServingSpec } from '../api/types/model-serving.js';
import type { ControllerRevision, GroupStatus } from '../api/types/resources.js';
import { AppError, isAppError, messageOf } from '../lib/app-error.js';
import { stableJson } from '../lib/stable-json.js';

/** Raised when an older program could no longer read what this one writes. */
const recordFormat = 1;

export interface Mark {
  reason: string;
  atMs: number;
}

/** What was decided about one ModelServing and must survive a kill at any moment. Times are epoch ms. */
export interface ModelServingRecord {
  format: number;
  namespace: string;
  name: string;
  uid: string;
  generation: number;
  creationTimestamp: string;
  deletionTimestamp?: string;
  /** Where it was read from: the annotation of the same meaning, back before the file is read again. */
  file?: string;
  /** Ours that change what the spec means: the stand-in, the rules, a pause. */
  annotations?: Record<string, string>;
  /** The last good spec. */
  spec: ModelServingSpec;
  currentRevision: string;
  /** The facts of the spec that the last operation was about; undefined before the first pass. */
  operation?: {
    generation: number;
    facts: { replicas: number; counts: Record<string, number>; revision: string };
  };
  groups: {
    ordinal: number;
    counts: Record<string, number>;
    revision: string;
    status: GroupStatus;
    deleting?: Mark;
    /** By role id. */
    deletingInstances: Record<string, Mark>;
  }[];
  backOff: Record<string, { failures: number; lastFailureMs: number; revision?: string }>;
  /** By pod uid: the restarts that count as no failure, and since when it has failed. */
  baselines: Record<string, { restarts: number; failedSinceMs?: number }>;
}

export interface Records {
  all(): ModelServingRecord[];
  get(namespace: string, name: string): ModelServingRecord | undefined;
  /** Replaces atomically; nothing when nothing changed. Throws StateNotWritable. */
  write(record: ModelServingRecord): void;
  remove(namespace: string, name: string): void;
  revisions(): ControllerRevision[];
  writeRevision(revision: ControllerRevision): void;
  removeRevision(namespace: string, name: string): void;
}

/**
 * The records under `<directory>/records` and `<directory>/revisions`, one file each. A file that cannot be read is set aside as *.corrupt:
 * what it said is then taken from the containers. Throws StateTooNew.
 */
export function openRecords(directory: string, onProblem: (message: string) => void = () => {}): Records {
  const records = folder<ModelServingRecord>(join(directory, 'records'), isRecord, onProblem);
  const revisions = folder<ControllerRevision>(join(directory, 'revisions'), isRevision, onProblem);
  return {
    all: () => records.all(),
    get: (namespace, name) => records.get(keyOf(namespace, name)),
    write: (record) =>
      records.write(keyOf(record.namespace, record.name), { ...record, format: recordFormat }),
    remove: (namespace, name) => records.remove(keyOf(namespace, name)),
    revisions: () => revisions.all(),
    writeRevision: (revision) =>
      revisions.write(keyOf(revision.metadata.namespace, revision.metadata.name), revision),
    removeRevision: (namespace, name) => revisions.remove(keyOf(namespace, name)),
  };
}

// Neither part can hold an underscore: both are DNS names.
const keyOf = (namespace: string, name: string): string => `${namespace}_${name}`;

const isRecord = ({ namespace, name, uid, spec, groups }: Partial<ModelServingRecord>): boolean =>
  Boolean(namespace && name && uid && spec?.template) && Array.isArray(groups);

const isRevision = ({ metadata, data }: Partial<ControllerRevision>): boolean =>
  Boolean(metadata?.namespace && metadata.name) && Array.isArray(data?.roles);

/** Before its shape is judged: a newer program may have changed that too. */
function refuseNewer(file: string, value: unknown): void {
  const format = (value as { format?: number } | null)?.format ?? 0;
  if (format <= recordFormat) return;
  throw new AppError('StateTooNew', `${file} was written by a newer minithena (format ${format})`, {
    hint: 'install the newer version, or use another cluster with `--cluster NAME`',
  });
}

function folder<T>(
  path: string,
  isWhole: (value: Partial<T>) => boolean,
  onProblem: (message: string) => void,
) {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  const known = new Map<string, { value: T; text: string }>();
  for (const name of readdirSync(path).filter((each) => each.endsWith('.json'))) {
    const file = join(path, name);
    try {
      const value = JSON.parse(readFileSync(file, 'utf8')) as T | null;
      refuseNewer(file, value);
      if (value === null || !isWhole(value)) throw new Error('parts of it are missing');
      known.set(name.slice(0, -'.json'.length), { value, text: stableJson(value) });
    } catch (error) {
      if (isAppError(error)) throw error;
      onProblem(`${file} cannot be read and is set aside: ${messageOf(error)}`);
      renameSync(file, `${file}.corrupt`);
    }
  }
  return {
    all: () => [...known.values()].map(({ value }) => value),
    get: (key: string) => known.get(key)?.value,
    write(key: string, value: T) {
      const text = stableJson(value);
      if (known.get(key)?.text === text) return;
      const file = join(path, `${key}.json`);
      try {
        writeFileAtomic.sync(file, `${JSON.stringify(value, null, 1)}\n`, { mode: 0o600 });
      } catch (error) {
        throw new AppError('StateNotWritable', `${file} cannot be written: ${messageOf(error)}`, {
          hint: 'make room, or give this user the right to write there',
          cause: error,
        });
      }
      known.set(key, { value: structuredClone(value), text });
    },
    remove(key: string) {
      known.delete(key);
      rmSync(join(path, `${key}.json`), { force: true });
    },
  };
}
