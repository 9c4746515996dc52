import { join } from 'node:path';
import type { ModelServingSpec } from '../api/types/model-serving.js';
import type { ControllerRevision, GroupStatus } from '../api/types/resources.js';
import { AppError } from '../lib/app-error.js';
import { jsonFolder } from './json-folder.js';

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
    facts: {
      replicas: number;
      counts: Record<string, number>;
      revision: string;
      partitions?: Record<string, string>;
    };
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
  const common = { onProblem, refuse: refuseNewer };
  const records = jsonFolder<ModelServingRecord>(join(directory, 'records'), {
    ...common,
    isWhole: isRecord,
  });
  const revisions = jsonFolder<ControllerRevision>(join(directory, 'revisions'), {
    ...common,
    isWhole: isRevision,
  });
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
