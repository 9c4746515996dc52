import type { Diagnostic } from '../api/diagnostic.js';
import { annotation } from '../api/labels.js';
import { parseManifests } from '../api/parse-manifests.js';
import type { InForce } from '../api/read-model-serving.js';
import type { ModelServing } from '../api/types/model-serving.js';
import type { ObjectStore } from '../store/object-store.js';
import { apiMetadata } from '../store/watched-marks.js';
import { supportingConflicts, supportingOf, upsertSupporting } from './apply-supporting.js';

/** What a believed content of a file comes to. `removed` are ModelServings in force that it does not hold any more. */
export interface FileOutcome {
  diagnostics: Diagnostic[];
  isGood: boolean;
  removed: ModelServing[];
  /** Objects that pods refer to and that it does not hold any more. */
  removedSupporting: ReturnType<typeof supportingOf>;
  /** Namesakes that are still being deleted, or that another file may let go of: to be tried again when they are gone. */
  waiting: boolean;
}

/**
 * Puts what a file says into force. With any error in it nothing of it is: its ModelServings keep their spec and carry the first error as an
 * annotation; `added` are annotations that its ModelServings get beside their own. A file that is gone (`text` undefined) or empty is such an error.
 */
export function applyFile(
  store: ObjectStore,
  file: string,
  text: string | undefined,
  added: Readonly<Record<string, string>> = {},
): FileOutcome {
  const owned = ownedBy(store, file);
  const ownedSupporting = supportingOf(store, file);
  const { modelServings, supporting, taken, diagnostics: all } = judgeFile(store, file, text);
  const firstError = all.find((each) => each.severity === 'error');
  if (firstError) {
    const { code, line, column, message } = firstError;
    for (const each of owned) annotate(store, each, `${code} ${file}:${line}:${column} ${message}`);
    return { diagnostics: all, isGood: false, removed: [], removedSupporting: [], waiting: taken };
  }
  // First, so that a pod finds what it refers to.
  for (const each of supporting) upsertSupporting(store, file, each);
  let waiting = false;
  for (const { object } of modelServings) waiting = upsert(store, file, object, added) === 'wait' || waiting;
  const kept = new Set(modelServings.map(({ object }) => keyOf(object)));
  const removed = owned.filter((each) => !kept.has(keyOf(each)) && !each.metadata.deletionTimestamp);
  for (const each of removed) annotate(store, each, undefined);
  const removedSupporting = ownedSupporting.filter(
    (ref) =>
      !supporting.some(
        ({ resource, object: { metadata } }) =>
          resource === ref.resource && metadata.namespace === ref.namespace && metadata.name === ref.name,
      ),
  );
  return { diagnostics: all, isGood: true, removed, removedSupporting, waiting };
}

/** What a file holds and everything that is wrong with it, also beside what is in force; `taken`: an object of another file is in its way. */
export function judgeFile(store: ObjectStore, file: string, text: string | undefined) {
  const hadSome = ownedBy(store, file).length + supportingOf(store, file).length > 0;
  const { modelServings, supporting, diagnostics } = parse(store, file, text, hadSome);
  const taken = supporting.flatMap((each) => supportingConflicts(store, file, each));
  return {
    modelServings,
    supporting,
    taken: taken.length > 0,
    diagnostics: [
      ...diagnostics,
      ...modelServings.flatMap(({ object, line }) => conflicts(store, file, object, line)),
      ...taken,
    ],
  };
}

export const keyOf = ({ metadata }: ModelServing): string => `${metadata.namespace}/${metadata.name}`;

export const ownedBy = (store: ObjectStore, file: string): ModelServing[] =>
  store.list('modelservings').items.filter((each) => each.metadata.annotations?.[annotation.file] === file);

function parse(
  store: ObjectStore,
  file: string,
  text: string | undefined,
  hadSome: boolean,
): ReturnType<typeof parseManifests> {
  const problem = (code: string, message: string, hint: string): ReturnType<typeof parseManifests> => ({
    modelServings: [],
    supporting: [],
    references: [],
    diagnostics: [
      { severity: 'error', code, message, hint, file, line: 1, column: 1, fieldPath: '', pointer: '' },
    ],
  });
  if (text === undefined) {
    const hint = hadSome ? 'put it back, or remove its servings with minithena down' : 'check the path';
    return problem('FileMissing', 'the file does not exist or cannot be read', hint);
  }
  const parsed = parseManifests(file, text, inForceOf(store, file));
  if (
    parsed.modelServings.length + parsed.supporting.length > 0 ||
    parsed.diagnostics.some((each) => each.severity === 'error')
  )
    return parsed;
  return problem(
    'FileEmpty',
    'the file holds nothing that runs here',
    'write a ModelServing, or remove its servings with minithena down',
  );
}

/** What a file's ModelServings are held against: those that came from it, and stay. */
export const inForceOf =
  (store: ObjectStore, file: string): InForce =>
  ({ metadata: { namespace, name } }) => {
    const found = store.get('modelservings', namespace, name);
    const isOurs = (found?.metadata.annotations?.[annotation.file] ?? file) === file;
    return isOurs && !found?.metadata.deletionTimestamp ? found : undefined;
  };

/** What only the state in force can tell: a name that another file has. */
function conflicts(store: ObjectStore, file: string, object: ModelServing, line: number): Diagnostic[] {
  const { namespace, name } = object.metadata;
  const before = store.get('modelservings', namespace, name);
  const owner = before?.metadata.annotations?.[annotation.file];
  if (!before || before.metadata.deletionTimestamp || owner === undefined || owner === file) return [];
  return [
    {
      severity: 'error',
      code: 'DuplicateName',
      message: `the ModelServing ${namespace}/${name} comes from ${owner} already`,
      hint: 'rename one of them, or delete that one first',
      file,
      line,
      column: 1,
      pointer: '',
      fieldPath: 'metadata.name',
    },
  ];
}

function upsert(
  store: ObjectStore,
  file: string,
  object: ModelServing,
  added: Readonly<Record<string, string>>,
): 'done' | 'wait' {
  const before = store.get('modelservings', object.metadata.namespace, object.metadata.name);
  if (before?.metadata.deletionTimestamp) return 'wait';
  const wanted = asStored(before, file, object, added);
  if (before) store.update('modelservings', wanted);
  else store.create('modelservings', wanted);
  return 'done';
}

/** The object of the store for what its file says: what the daemon gave it stays. */
export function asStored(
  before: ModelServing | undefined,
  file: string,
  { metadata, spec, ...rest }: ModelServing,
  added: Readonly<Record<string, string>>,
): ModelServing {
  const { namespace, name, labels } = metadata;
  const { uid, generation, creationTimestamp } = before?.metadata ?? {};
  const { annotations: applied, ...ofApi } = apiMetadata(before?.metadata);
  return {
    ...(before ?? rest),
    spec,
    metadata: {
      namespace,
      name,
      ...ofApi,
      annotations: { ...metadata.annotations, ...added, [annotation.file]: file, ...applied },
      ...(labels && { labels }),
      ...(uid && { uid }),
      ...(generation && { generation }),
      ...(creationTimestamp && { creationTimestamp }),
    },
  } as ModelServing;
}

function annotate(store: ObjectStore, modelServing: ModelServing, text: string | undefined): void {
  const { resourceVersion: _version, annotations = {}, ...metadata } = modelServing.metadata;
  const { [annotation.invalidSpec]: _before, ...rest } = annotations;
  store.update('modelservings', {
    ...modelServing,
    metadata: {
      ...metadata,
      annotations: text === undefined ? rest : { ...rest, [annotation.invalidSpec]: text },
    },
  });
}
