import { groupVersionOf, type KindFacts } from '../api/kinds.js';
import { fieldPath, type Problem } from '../api/problem.js';
import type { ObjectMeta } from '../api/types/object-meta.js';
import type { AnyResource } from '../api/types/resources.js';
import { AppError } from '../lib/app-error.js';
import type { Body } from './body-of-change.js';
import { causeReason } from './cause-reason.js';
import { judgeFields } from './duplicate-fields.js';
import type { Exchange } from './exchange.js';
import { namespaceLabels } from './namespace-labels.js';
import { notActedOn } from './not-acted-on.js';
import { isFault, readWritten } from './read-written.js';
import { warningHeader } from './warning-header.js';

/** What the body says, as the object that would be stored in the place of `before`. Throws SpecInvalid with all causes; what is only doubtful becomes a Warning. */
export function judgeWritten(
  facts: KindFacts,
  body: Body,
  metadata: ObjectMeta,
  exchange: Exchange,
  before?: AnyResource,
): AnyResource {
  const { labels, annotations, name, namespace } = metadata;
  const named = {
    name,
    ...(facts.namespaced && { namespace }),
    ...(labels && { labels }),
    ...(annotations && { annotations }),
  };
  const whole = { ...body, apiVersion: groupVersionOf(facts), kind: facts.kind, metadata: named };
  const { object, problems } = readWritten(facts, whole, before);
  const faults = problems.filter(isFault);
  const odd = faults.filter(({ code }) => code === 'WrongType');
  // Of its own kinds a real server says at once what cannot be decoded; those of definitions are validated.
  if (odd.length > 0 && !facts.group.includes('.')) throw undecodable(facts, odd);
  // Before what is missing: a field that nobody knows is often that one, misspelt.
  const unknown = problems.filter(({ code }) => code === 'UnknownField').map(unknownText);
  const doubts = judgeFields(exchange, unknown);
  warn(exchange, doubts);
  if (faults.length > 0 || !object) throw invalid(facts, name, faults);
  const warnings = problems.filter(({ severity }) => severity === 'warning');
  warn(exchange, [
    ...doubts,
    ...warnings.map(({ path, message }) => `${fieldPath(path)}: ${message}`),
    ...(notActedOn.has(facts.resource) ? [`a ${facts.kind} is kept, and nothing here acts on it`] : []),
  ]);
  const own = facts.resource === 'namespaces' && { labels: { ...labels, ...namespaceLabels(name) } };
  return { ...object, metadata: { ...metadata, ...own } } as AnyResource;
}

/** The error about a body whose values are of other types than its kind has there. */
export const undecodable = (
  { kind, version }: Pick<KindFacts, 'kind' | 'version'>,
  faults: readonly Problem[],
): AppError => {
  const texts = faults.map(({ path, message }) => `${fieldPath(path)}: ${message}`);
  const hint = faults.find((each) => each.hint !== undefined)?.hint;
  return new AppError(
    'Usage',
    `${kind} in version ${JSON.stringify(version)} cannot be handled as a ${kind}: ${texts.join(', ')}`,
    hint === undefined ? {} : { hint },
  );
};

export const unknownText = ({ path }: Problem): string => `unknown field "${fieldPath(path)}"`;

export function warn({ response }: Exchange, texts: readonly string[]): void {
  if (texts.length === 0) return;
  response.setHeader('warning', warningHeader(texts));
}

/** The error about an object with these faults, each as a cause with its field. */
export function invalid(facts: KindFacts, name: string, faults: readonly Problem[]): AppError {
  const causes = faults.map((fault) => {
    const { message, path, hint, missing } = fault;
    return {
      reason: causeReason(fault),
      message: hint === undefined ? message : `${message} (${hint})`,
      field: fieldPath(missing === undefined ? path : [...path, missing]),
    };
  });
  const texts = causes.map(({ field, message }) => (field ? `${field}: ${message}` : message));
  const text = texts.length === 1 ? texts[0] : `[${texts.join(', ')}]`;
  return new AppError('SpecInvalid', `${kindName(facts)} "${name}" is invalid: ${text}`, {
    details: {
      status: { name, ...(facts.group !== '' && { group: facts.group }), kind: facts.kind, causes },
    },
  });
}

const kindName = ({ kind, group }: KindFacts): string => (group === '' ? kind : `${kind}.${group}`);
