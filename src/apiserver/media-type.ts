import { AppError } from '../lib/app-error.js';

/** The form in which a client wants objects: whole, as rows for people, or only their metadata. */
export type ObjectForm = 'Object' | 'Table' | 'PartialObjectMetadata';

/**
 * The first form of an Accept header that this server has. kubectl names several, the best one first; where one is protobuf, the next is
 * taken. Throws NotAcceptable when there is none.
 */
export function formIn(accept: string | undefined): ObjectForm {
  if (accept === undefined || accept.trim() === '') return 'Object';
  for (const range of accept.split(',')) {
    const [type, ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
    if (!['application/json', 'application/*', '*/*'].includes(type ?? '')) continue;
    const of = Object.fromEntries(parameters.map((each) => each.split('=') as [string, string]));
    if (of.as === undefined) return 'Object';
    if (of.v !== 'v1' || of.g !== 'meta.k8s.io') continue;
    if (of.as === 'table') return 'Table';
    if (of.as === 'partialobjectmetadata' || of.as === 'partialobjectmetadatalist')
      return 'PartialObjectMetadata';
  }
  throw new AppError(
    'NotAcceptable',
    'only the following media types are accepted: application/json, and Table or PartialObjectMetadata of meta.k8s.io/v1 in it',
  );
}
