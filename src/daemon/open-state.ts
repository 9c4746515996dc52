import { randomBytes, randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { z } from 'zod';
import { AppError, messageOf } from '../lib/app-error.js';

/** Raised when an older program could no longer read what this one writes. */
const stateFormat = 1;

const stateSchema = z.object({
  format: z.number(),
  /** On every object of ours at the engine: the same cluster name with another id is somebody else's. */
  clusterId: z.string(),
  token: z.string(),
  /** The API keeps its port over restarts, so that a kubeconfig stays valid. 0 before the first start. */
  port: z.number(),
  tls: z.object({ key: z.string(), cert: z.string() }).optional(),
  engineId: z.string().optional(),
  /** What `up` was told to watch, absolute. */
  files: z.array(z.string()),
  /** Those of them whose engines are replaced by the stand-in. */
  standIn: z.array(z.string()).default([]),
  /** What was said about the Node: --gpus, --gpu-slots, --capacity. */
  node: z
    .object({
      gpus: z.string().optional(),
      gpuSlots: z.number().optional(),
      capacity: z.array(z.string()).optional(),
    })
    .optional(),
  /** What `up --rules` asked for, when it started a daemon. */
  rules: z.enum(['ordinal', 'upstream']).optional(),
  /** What `up --pull` asked for. */
  pull: z.enum(['always', 'missing', 'never', 'default']).optional(),
});
export type State = z.infer<typeof stateSchema>;

export interface OpenState {
  readonly directory: string;
  readonly current: State;
  /** True when there was none before: the first start, or the state was lost. */
  readonly isNew: boolean;
  update(change: Partial<State>): void;
}

/** Opens or creates the state directory. Throws StateTooNew, and StateNotWritable when the directory cannot be made or written. */
export function openState(directory: string): OpenState {
  const file = join(directory, 'state.json');
  let { state, isNew } = read(file);
  const write = () => {
    try {
      mkdirSync(directory, { recursive: true, mode: 0o700 });
      writeFileAtomic.sync(file, `${JSON.stringify(state, null, 2)}\n`, { mode: 0o600 });
    } catch (error) {
      throw new AppError('StateNotWritable', `${file} cannot be written: ${messageOf(error)}`, {
        hint: 'make room or give this user the right to write there, or point XDG_STATE_HOME elsewhere',
        cause: error,
      });
    }
  };
  write();
  return {
    directory,
    isNew,
    get current() {
      return state;
    },
    update(change) {
      state = { ...state, ...change };
      isNew = false;
      write();
    },
  };
}

function read(file: string): { state: State; isNew: boolean } {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { state: fresh(), isNew: true };
    throw new AppError('StateNotWritable', `${file} cannot be read: ${messageOf(error)}`, {
      hint: 'the state directory must belong to the user who runs minithena',
      cause: error,
    });
  }
  const raw = parseJson(text);
  const format = (raw as { format?: unknown } | undefined)?.format;
  if (typeof format === 'number' && format > stateFormat) {
    throw new AppError(
      'StateTooNew',
      `${file} was written by a newer minithena (format ${format}; this one knows ${stateFormat})`,
      {
        hint: 'install the newer version, or use another cluster with `--cluster NAME`',
      },
    );
  }
  const parsed = stateSchema.safeParse(raw);
  if (parsed.success) return { state: parsed.data, isNew: false };
  renameSync(file, `${file}.corrupt`);
  return { state: fresh(), isNew: true };
}

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const fresh = (): State => ({
  format: stateFormat,
  clusterId: randomUUID(),
  token: randomBytes(24).toString('base64url'),
  port: 0,
  files: [],
  standIn: [],
});
