import { annotation } from '../api/labels.js';
import { parseManifests } from '../api/parse-manifests.js';
import type { SupportingObject } from '../api/read-supporting.js';
import type { Secret } from '../api/types/resources.js';
import { AppError } from '../lib/app-error.js';
import { type Change, changesBetween } from '../lib/changes-between.js';
import { editDocument } from '../lib/yaml/edit-document.js';
import { locatedDocuments } from '../lib/yaml/located-documents.js';
import { type FileKeeper, type Ref, rewriteFile } from './edit-file.js';

export type SupportingRef = Ref & { readonly resource: SupportingObject['resource'] };
type Supporting = SupportingObject['object'];

/**
 * Edits a ConfigMap, Secret or claim in its file as `editFile` does a ModelServing. A value of a Secret that stands under stringData is
 * written there, as text. Throws what `editFile` throws.
 */
export async function editSupporting(
  keeper: FileKeeper,
  ref: SupportingRef,
  edit: (current: Supporting) => Supporting,
  { dryRun = false }: { dryRun?: boolean } = {},
): Promise<Supporting> {
  const { store } = keeper;
  let wanted: Supporting | undefined;
  await rewriteFile(
    keeper,
    fileOfSupporting(keeper, ref),
    (file, text) => {
      const current = get(keeper, ref);
      wanted = edit(current);
      const { document } = find(file, text, ref);
      const written = (locatedDocuments(text)[document]?.value ?? {}) as Written;
      return editDocument(text, document, changesTo(current, wanted, written));
    },
    dryRun,
  );
  const stored = store.get(ref.resource, ref.namespace, ref.name);
  return (dryRun ? wanted : stored) ?? get(keeper, ref);
}

export function fileOfSupporting(keeper: Pick<FileKeeper, 'store'>, ref: SupportingRef): string {
  const file = get(keeper, ref).metadata.annotations?.[annotation.file];
  if (file) return file;
  throw new AppError('NotEditable', `no file is known for ${ref.resource} "${ref.name}"`);
}

function get({ store }: Pick<FileKeeper, 'store'>, { resource, namespace, name }: SupportingRef): Supporting {
  const found = store.get(resource, namespace, name);
  if (found) return found;
  throw new AppError('NotFound', `${resource} "${name}" not found`);
}

function find(file: string, text: string, { resource, namespace, name }: SupportingRef) {
  const found = parseManifests(file, text).supporting.find(
    (each) =>
      each.resource === resource &&
      each.object.metadata.name === name &&
      each.object.metadata.namespace === namespace,
  );
  if (found) return found;
  throw new AppError('NotFound', `${file} has no ${resource} ${namespace}/${name}`, {
    hint: 'it was taken out of the file, and is being deleted',
  });
}

interface Written {
  readonly data?: Readonly<Record<string, unknown>>;
  readonly stringData?: Readonly<Record<string, unknown>>;
}

function changesTo(current: Supporting, wanted: Supporting, written: Written): Change[] {
  return [
    ...changesBetween(marksOf(current), marksOf(wanted), ['metadata']),
    ...changesBetween(flag(current), flag(wanted)),
    ...(current.kind === 'ConfigMap' && wanted.kind === 'ConfigMap'
      ? (['data', 'binaryData'] as const).flatMap((part) =>
          changesBetween(current[part], wanted[part], [part]),
        )
      : []),
    ...(current.kind === 'Secret' && wanted.kind === 'Secret' ? secretChanges(current, wanted, written) : []),
  ];
}

function secretChanges(
  { data: before = {} }: Secret,
  { data: after = {} }: Secret,
  written: Written,
): Change[] {
  const { data = {}, stringData } = written;
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((key): Change[] => {
    const value = after[key];
    if (value === before[key]) return [];
    const gone = (part: 'data' | 'stringData') =>
      key in (written[part] ?? {}) ? [{ path: [part, key], value: undefined }] : [];
    if (value === undefined) return [...gone('data'), ...gone('stringData')];
    const text = textOf(value);
    const isText = stringData && text !== undefined && (key in stringData || !(key in data));
    // Text is what people write and read.
    if (isText) return [{ path: ['stringData', key], value: text }];
    return [...gone('stringData'), { path: ['data', key], value }];
  });
}

/** The text that this is the base64 of; undefined where it is none. */
function textOf(value: string): string | undefined {
  const text = Buffer.from(value, 'base64').toString();
  return Buffer.from(text).toString('base64') === value ? text : undefined;
}

const flag = (of: Supporting): object => ('immutable' in of && of.immutable ? { immutable: true } : {});

/** Known only to us. */
const ownAnnotations: readonly string[] = [annotation.file, annotation.lastApplied];

function marksOf({ metadata }: Supporting): object {
  const annotations = Object.fromEntries(
    Object.entries(metadata.annotations ?? {}).filter(([key]) => !ownAnnotations.includes(key)),
  );
  return {
    ...(Object.keys(metadata.labels ?? {}).length > 0 && { labels: metadata.labels }),
    ...(Object.keys(annotations).length > 0 && { annotations }),
  };
}
