import { readFile } from 'node:fs/promises';
import type { Diagnostic } from '../api/diagnostic.js';
import { annotation } from '../api/labels.js';
import { supportingResources } from '../api/read-supporting.js';
import type { ModelServing } from '../api/types/model-serving.js';
import { messageOf } from '../lib/app-error.js';
import type { Clock } from '../lib/clock.js';
import type { Logger } from '../lib/logger.js';
import { oneAtATime } from '../lib/one-at-a-time.js';
import { stableJson } from '../lib/stable-json.js';
import { type QueueFigures, workQueue } from '../lib/work-queue.js';
import type { ObjectStore } from '../store/object-store.js';
import { applyFile, asStored, type FileOutcome, judgeFile, keyOf, ownedBy } from './apply-file.js';
import { supportingOf } from './apply-supporting.js';
import { type EditOf, editFile, fileOf, type Ref } from './edit-file.js';
import { editSupporting, fileOfSupporting, type SupportingRef } from './edit-supporting.js';
import { hashOf, readBelieved } from './read-believed.js';
import { refuseWrong } from './refuse-wrong.js';
import { filesAt, watchPaths } from './watch-paths.js';

export interface Manifests {
  /**
   * Reads and watches files and folders. With `strict`, throws FileMissing or SpecInvalid (all diagnostics in `details.diagnostics`) for a
   * path that cannot be put into force, and watches none of them; else such a path is watched and its last good spec stays.
   */
  add(paths: readonly string[], options: { strict: boolean }): Promise<void>;
  /** Stops watching and deletes the ModelServings that came from there. */
  removePaths(paths: readonly string[]): Promise<Ref[]>;
  paths(): string[];
  /** Looks at every file now; resolves when the store shows what they say. */
  sync(): Promise<void>;
  /** Of the files as they are now. */
  diagnostics(): Diagnostic[];
  /** Of the reading of changed files. */
  figures(): QueueFigures;
  fileOf(ref: Ref): string | undefined;
  /** Makes an edit in the file, then in the store, one after the other: see `editFile`. */
  commit(ref: Ref, edit: EditOf, mode?: { dryRun?: boolean }): Promise<ModelServing>;
  /** The same for what pods refer to: see `editSupporting`. */
  commitSupporting: CommitSupporting;
  close(): Promise<void>;
}
export type CommitSupporting = (
  ref: SupportingRef,
  edit: Parameters<typeof editSupporting>[2],
  mode?: { dryRun?: boolean },
) => ReturnType<typeof editSupporting>;

/** How long a document must be gone from its file before its ModelServing is deleted. */
const removalDelayMs = 2000;

/** Keeps the store's ModelServings what the watched files say, by whatever way an editor saves. */
export function startManifests(options: {
  store: ObjectStore;
  clock: Clock;
  logger: Logger;
  /** What the ModelServings of a file are given beside what it says. */
  annotationsFor?(file: string): Readonly<Record<string, string>>;
}): Manifests {
  const { store, clock, logger, annotationsFor = () => ({}) } = options;
  const paths = new Set<string>();
  /** What was last put into force, or refused, by file. */
  const believed = new Map<string, { hash: string; outcome: FileOutcome }>();
  const removals = new Map<string, () => void>();

  const hashed = (file: string, text: string | undefined) =>
    text === undefined ? 'missing' : `${hashOf(text)} ${stableJson(annotationsFor(file))}`;
  const believe = (file: string, text: string | undefined): FileOutcome => {
    const hash = hashed(file, text);
    const before = believed.get(file);
    if (before?.hash === hash && !before.outcome.waiting) return before.outcome;
    const outcome = applyFile(store, file, text, annotationsFor(file));
    believed.set(file, { hash, outcome });
    logger.info({ file, good: outcome.isGood, problems: outcome.diagnostics.length }, 'a file was read');
    planRemovals(file, outcome);
    return outcome;
  };
  const planRemovals = (file: string, { removed, removedSupporting }: FileOutcome) => {
    for (const [key, cancel] of removals) {
      if (key.startsWith(`${file} `)) {
        cancel();
        removals.delete(key);
      }
    }
    const later = (what: string, remove: () => void) => {
      const key = `${file} ${what}`;
      removals.set(
        key,
        clock.after(removalDelayMs, () => {
          removals.delete(key);
          remove();
        }),
      );
    };
    for (const { metadata } of removed) {
      const { namespace, name } = metadata;
      later(`${namespace}/${name}`, () => store.markDeleted('modelservings', { namespace, name }));
    }
    for (const { resource, ...at } of removedSupporting)
      later(`${resource} ${at.namespace}/${at.name}`, () => store.remove(resource, at));
  };
  const isWatched = (file: string) => [...paths].some((path) => file === path || file.startsWith(`${path}/`));

  const queue = workQueue({
    clock,
    async run(file) {
      const text = await readBelieved(file, clock);
      if (isWatched(file)) believe(file, text);
      return undefined;
    },
    concurrency: 8,
    onError: (file, error) => logger.warn({ file, error: messageOf(error) }, 'a file could not be read'),
  });
  const watcher = watchPaths({
    clock,
    onMaybeChanged: (file) => {
      if (isWatched(file)) queue.add(file);
    },
  });
  // What waited for a namesake to be gone.
  const deletions = (['modelservings', ...supportingResources] as const).map((resource) =>
    store.watch(resource, ({ type }) => {
      if (type !== 'DELETED') return;
      for (const [file, { outcome }] of believed) if (outcome.waiting) queue.add(file);
    }),
  );

  const allFiles = async () => (await Promise.all([...paths].map(filesAt))).flat();
  const readAll = (files: readonly string[]) =>
    Promise.all(files.map(async (file) => ({ file, text: await readBelieved(file, clock) })));

  const inTurn = oneAtATime();
  const stored = (file: string, object: ModelServing) =>
    asStored(
      store.get('modelservings', object.metadata.namespace, object.metadata.name),
      file,
      object,
      annotationsFor(file),
    );
  /** What is in force is whole; anything else may still be being written. */
  const read = async (file: string) => {
    const text = await readFile(file, 'utf8').catch(() => undefined);
    return text !== undefined && believed.get(file)?.hash === hashed(file, text)
      ? text
      : readBelieved(file, clock);
  };

  return {
    async add(added, { strict }) {
      const files = (await Promise.all(added.map(filesAt))).flat();
      const texts = await readAll(files);
      // All are judged before any is put into force.
      const diagnostics = strict
        ? texts.flatMap(({ file, text }) => judgeFile(store, file, text).diagnostics)
        : [];
      refuseWrong(diagnostics);
      const outcomes = texts.map(({ file, text }) => believe(file, text));
      // Two of them may be in each other's way.
      if (strict && outcomes.some((each) => !each.isGood)) {
        for (const file of files) if (!isWatched(file)) believed.delete(file);
        refuseWrong(outcomes.flatMap((each) => each.diagnostics));
      }
      for (const path of added) {
        paths.add(path);
        watcher.add(path);
      }
      // Whatever was saved between the reading and the watching.
      for (const file of files) queue.add(file);
    },
    async removePaths(removed) {
      const refs: Ref[] = [];
      for (const path of removed) {
        const files = new Set([
          ...(await filesAt(path)),
          ...[...believed.keys()].filter((file) => file.startsWith(`${path}/`)),
        ]);
        refs.push(...(await forget(path, [...files])));
      }
      return refs;
    },
    paths: () => [...paths],
    async sync() {
      for (const { file, text } of await readAll(await allFiles())) believe(file, text);
    },
    diagnostics: () => [...believed.values()].flatMap(({ outcome }) => outcome.diagnostics),
    figures: () => queue.figures(),
    fileOf: ({ namespace, name }) =>
      store.get('modelservings', namespace, name)?.metadata.annotations?.[annotation.file],
    commit: (ref, edit, mode) =>
      inTurn(fileOf(store, ref), () => editFile({ store, believe, read, stored }, ref, edit, mode)),
    commitSupporting: (ref, edit, mode) =>
      inTurn(fileOfSupporting({ store }, ref), () =>
        editSupporting({ store, believe, read, stored }, ref, edit, mode),
      ),
    async close() {
      for (const each of deletions) each.close();
      for (const cancel of removals.values()) cancel();
      await watcher.close();
      await queue.close();
    },
  };

  async function forget(path: string, files: readonly string[]): Promise<Ref[]> {
    paths.delete(path);
    watcher.remove(path);
    const refs: Ref[] = [];
    for (const file of files) {
      if (isWatched(file)) continue;
      believed.delete(file);
      for (const { resource, ...at } of supportingOf(store, file)) store.remove(resource, at);
      for (const each of ownedBy(store, file)) {
        const { namespace, name } = each.metadata;
        logger.info({ modelServing: keyOf(each), file }, 'its file is not watched any more: it is deleted');
        store.markDeleted('modelservings', { namespace, name });
        refs.push({ namespace, name });
      }
    }
    return refs;
  }
}
