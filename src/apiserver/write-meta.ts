import { randomInt } from 'node:crypto';
import { annotation } from '../api/labels.js';
import { labelKeyProblems, labelValueProblems } from '../api/selectors/label-syntax.js';
import type { ObjectMeta } from '../api/types/object-meta.js';
import { AppError } from '../lib/app-error.js';
import { textOf } from '../lib/text-of.js';
import { type FieldReason, invalidField } from './invalid-field.js';

type Given = Partial<Record<keyof ObjectMeta, unknown>>;

/** kubernetes' alphabet for generated names: no vowels, nothing that looks alike. */
const alphabet = 'bcdfghjklmnpqrstvwxz2456789';

/** What a client may say of a new object, with its name made up where it asks for that. Throws Usage for what does not fit the request. */
export function metaOfNew(given: Given, namespace: string): ObjectMeta {
  if (given.resourceVersion !== undefined && given.resourceVersion !== '')
    throw new AppError('Usage', 'resourceVersion should not be set on objects to be created');
  const { generateName } = given;
  const name =
    (given.name === undefined || given.name === '') && typeof generateName === 'string' && generateName !== ''
      ? `${generateName.slice(0, 58)}${suffix()}`
      : given.name;
  if (typeof name !== 'string' || name === '')
    throw invalidMeta('name', 'Required value: name or generateName is required', {
      reason: 'FieldValueRequired',
    });
  return {
    name,
    ...(typeof generateName === 'string' && generateName !== '' && { generateName }),
    namespace: sameNamespace(given, namespace),
    ...told(given),
  };
}

/** The metadata that an object has after a write of `given`: what the server keeps stays. Throws Usage, Conflict, SpecInvalid. */
export function metaOfChanged(before: ObjectMeta, given: Given): ObjectMeta {
  if (given.name === undefined || given.name === '')
    throw new AppError(
      'Usage',
      `the name of the object (${before.name} based on URL) was undeterminable: name must be provided`,
    );
  if (given.name !== before.name)
    throw new AppError(
      'Usage',
      `the name of the object (${textOf(given.name)}) does not match the name on the URL (${before.name})`,
    );
  sameNamespace(given, before.namespace);
  if (given.uid !== undefined && given.uid !== before.uid)
    throw new AppError(
      'Conflict',
      `Precondition failed: UID in precondition: ${textOf(given.uid)}, UID in object meta: ${before.uid}`,
    );
  if (given.resourceVersion && given.resourceVersion !== before.resourceVersion) throw changedSince();
  const next = told(given);
  const file = (given.annotations as Record<string, unknown> | null | undefined)?.[annotation.file];
  if (file !== undefined && file !== before.annotations?.[annotation.file])
    throw invalidMeta('annotations', `${annotation.file} is set by minithena and cannot be changed`);
  if (before.deletionTimestamp) {
    const added = (next.finalizers ?? []).filter((each) => !before.finalizers?.includes(each));
    if (added.length > 0)
      throw invalidMeta(
        'finalizers',
        `Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers ${JSON.stringify(added)}`,
        { reason: 'FieldValueForbidden' },
      );
  }
  const { labels: _l, annotations, finalizers: _f, ownerReferences: _o, ...kept } = before;
  const ours = Object.fromEntries(
    Object.entries(annotations ?? {}).filter(([key]) => ownAnnotations.includes(key)),
  );
  const all = { ...next.annotations, ...ours };
  const { annotations: _a, ...rest } = next;
  return { ...kept, ...rest, ...(Object.keys(all).length > 0 && { annotations: all }) };
}

/** Set by us alone: what a client says of them is not heard. */
const ownAnnotations: readonly string[] = [annotation.file, annotation.invalidSpec];

/** What a client says, checked; what is ours alone left out. Throws Usage, SpecInvalid. */
function told(given: Given): Pick<ObjectMeta, 'labels' | 'annotations' | 'finalizers' | 'ownerReferences'> {
  const { name } = given;
  const labels = texts('labels', given.labels);
  for (const [key, value] of Object.entries(labels))
    refuse(name, 'labels', key, labelKeyProblems(key), value, labelValueProblems(value));
  const annotations = Object.fromEntries(
    Object.entries(texts('annotations', given.annotations)).filter(([key]) => !ownAnnotations.includes(key)),
  );
  if (lengthOf(annotations) > mostAnnotations)
    throw invalidMeta('annotations', `Too long: must have at most ${mostAnnotations} bytes`, {
      reason: 'FieldValueTooLong',
      name,
    });
  for (const key of Object.keys(annotations))
    refuse(name, 'annotations', key, labelKeyProblems(key.toLowerCase()));
  const finalizers = list<string>(name, 'finalizers', given.finalizers, (each) => typeof each === 'string');
  for (const each of finalizers) refuse(name, 'finalizers', each, labelKeyProblems(each));
  const ownerReferences = list<NonNullable<ObjectMeta['ownerReferences']>[number]>(
    name,
    'ownerReferences',
    given.ownerReferences,
    (each) =>
      ['apiVersion', 'kind', 'name', 'uid'].every(
        (field) => typeof (each as Record<string, unknown> | null)?.[field] === 'string',
      ),
  );
  for (const owner of ownerReferences)
    for (const field of ['apiVersion', 'kind', 'name', 'uid'] as const)
      if (owner[field] === '')
        throw invalidMeta(`ownerReferences.${field}`, `Invalid value: "": ${field} must not be empty`, {
          name,
        });
  if (ownerReferences.filter(({ controller }) => controller === true).length > 1)
    throw invalidMeta(
      'ownerReferences',
      `Invalid value: ${JSON.stringify(ownerReferences)}: Only one reference can have Controller set to true`,
      { name },
    );
  return {
    ...(Object.keys(labels).length > 0 && { labels }),
    ...(Object.keys(annotations).length > 0 && { annotations }),
    ...(finalizers.length > 0 && { finalizers: [...new Set(finalizers)] }),
    ...(ownerReferences.length > 0 && { ownerReferences }),
  };
}

/** Of keys and values together, as Kubernetes counts them. */
const mostAnnotations = 256 * 1024;
const lengthOf = (texts: Readonly<Record<string, string>>): number =>
  Object.entries(texts).reduce(
    (sum, [key, text]) => sum + Buffer.byteLength(key) + Buffer.byteLength(text),
    0,
  );

/** Throws SpecInvalid for a key or value that is wrong, in Kubernetes' words. */
function refuse(
  name: unknown,
  field: string,
  key: string,
  ofKey: readonly string[],
  value = '',
  ofValue: readonly string[] = [],
): void {
  const told = (text: string, why: readonly string[]) =>
    invalidMeta(field, `Invalid value: ${JSON.stringify(text)}: ${why.join('; ')}`, { name });
  if (ofKey.length > 0) throw told(key, ofKey);
  if (ofValue.length > 0) throw told(value, ofValue);
}

const invalidMeta = (field: string, message: string, more?: { reason?: FieldReason; name?: unknown }) =>
  invalidField(`metadata.${field}`, message, more);

/** Of a write by somebody who has not seen the last one. */
const changedSince = (): AppError =>
  new AppError(
    'Conflict',
    'the object has been modified; please apply your changes to the latest version and try again',
  );

function texts(field: string, value: unknown): Record<string, string> {
  if (value === undefined || value === null) return {};
  const isGood =
    typeof value === 'object' &&
    !Array.isArray(value) &&
    Object.values(value).every((each) => typeof each === 'string');
  if (!isGood) throw new AppError('Usage', `metadata.${field}: a map of strings is expected`);
  return value as Record<string, string>;
}

function list<T>(name: unknown, field: string, value: unknown, isGood: (each: unknown) => boolean): T[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value) || !value.every(isGood))
    throw invalidMeta(field, `Invalid value: ${JSON.stringify(value)}`, { name });
  return value as T[];
}

function sameNamespace(given: Given, namespace: string): string {
  if (given.namespace !== undefined && given.namespace !== '' && given.namespace !== namespace)
    throw new AppError(
      'Usage',
      'the namespace of the provided object does not match the namespace sent on the request',
    );
  return namespace;
}

const suffix = (): string => Array.from({ length: 5 }, () => alphabet[randomInt(alphabet.length)]).join('');
