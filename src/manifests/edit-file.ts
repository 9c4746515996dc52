import { realpath } from 'node:fs/promises';
import writeFileAtomic from 'write-file-atomic';
import { annotation } from '../api/labels.js';
import { parseManifests } from '../api/parse-manifests.js';
import type { ModelServing } from '../api/types/model-serving.js';
import { AppError, messageOf } from '../lib/app-error.js';
import type { Change } from '../lib/changes-between.js';
import { editDocument } from '../lib/yaml/edit-document.js';
import type { ObjectStore } from '../store/object-store.js';
import { type FileOutcome, inForceOf, judgeFile } from './apply-file.js';
import { refuseWrong } from './refuse-wrong.js';

export interface Ref {
  readonly namespace: string;
  readonly name: string;
}

/** Works out an edit from the object as it is, when all that its file says by now is in force. */
export type EditOf = (current: ModelServing) => readonly Change[];

/** What an edit needs of those who keep files and store alike. */
export interface FileKeeper {
  readonly store: ObjectStore;
  read(file: string): Promise<string | undefined>;
  believe(file: string, text: string | undefined): FileOutcome;
  /** The object of the store, once this has been read from the file. */
  stored(file: string, object: ModelServing): ModelServing;
}

/**
 * Edits a ModelServing in its file, with every comment and blank line of the rest kept, and puts it into force: one edit of a file at a time.
 * With `dryRun` it is judged, and returned as it would be. Throws NotFound, FileMissing, SpecInvalid when the file or the result does not
 * validate, NotEditable where a value cannot be written in place, and what `edit` throws.
 */
export async function editFile(
  keeper: FileKeeper,
  ref: Ref,
  edit: EditOf,
  { dryRun = false }: { dryRun?: boolean } = {},
): Promise<ModelServing> {
  const { store } = keeper;
  const file = fileOf(store, ref);
  const edited = await rewriteFile(
    keeper,
    file,
    (_file, text) => editDocument(text, find(store, file, text, ref).document, edit(get(store, ref))),
    dryRun,
  );
  return dryRun ? keeper.stored(file, find(store, file, edited, ref).object) : get(store, ref);
}

/** Makes another text of a file, judges it and, unless that is all, writes it and puts it into force; returns it. */
export async function rewriteFile(
  keeper: FileKeeper,
  file: string,
  make: (file: string, text: string) => string,
  dryRun: boolean,
): Promise<string> {
  const text = await keeper.read(file);
  refuseWrong(keeper.believe(file, text).diagnostics);
  const edited = make(file, text ?? '');
  refuseWrong(judgeFile(keeper.store, file, edited).diagnostics);
  if (dryRun || edited === text) return edited;
  const target = await realpath(file).catch(() => file);
  await writeFileAtomic(target, edited).catch((error: unknown) => {
    throw new AppError('NotEditable', `${file} cannot be written: ${messageOf(error)}`, {
      hint: 'check its rights',
    });
  });
  keeper.believe(file, edited);
  return edited;
}

export function fileOf(store: ObjectStore, ref: Ref): string {
  const file = get(store, ref).metadata.annotations?.[annotation.file];
  if (file) return file;
  throw new AppError('NotEditable', `no file is known for ${ref.name}`, { hint: 'minithena up FILE' });
}

function get(store: ObjectStore, { namespace, name }: Ref): ModelServing {
  const found = store.get('modelservings', namespace, name);
  if (found) return found;
  throw new AppError('NotFound', `modelservings.workload.serving.volcano.sh "${name}" not found`);
}

function find(store: ObjectStore, file: string, text: string, { namespace, name }: Ref) {
  const found = parseManifests(file, text, inForceOf(store, file)).modelServings.find(
    ({ object }) => object.metadata.name === name && object.metadata.namespace === namespace,
  );
  if (found) return found;
  throw new AppError('NotFound', `${file} has no ModelServing ${namespace}/${name}`, {
    hint: 'it was taken out of the file, and is being deleted',
  });
}
