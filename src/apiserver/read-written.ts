import { checkShape } from '../api/check-shape.js';
import type { KindFacts } from '../api/kinds.js';
import { label } from '../api/labels.js';
import { checkPodSpec } from '../api/pod-rules/check-pod-spec.js';
import type { Problem } from '../api/problem.js';
import { readModelServing } from '../api/read-model-serving.js';
import { isSupportingKind, readSupporting } from '../api/read-supporting.js';
import { shapeOfKind } from '../api/schema/kind-shapes.js';
import type { ModelServing } from '../api/types/model-serving.js';
import type { AnyResource, KubeEvent, Pod, Service } from '../api/types/resources.js';
import { serviceWithDefaults } from './service-with-defaults.js';

export interface Written {
  /** undefined when there is an error among the problems. */
  readonly object: AnyResource | undefined;
  readonly problems: readonly Problem[];
}

const subdomain = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const dnsLabel = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const pods = new Set<string>(Object.values(label));

/**
 * A body as an object of its kind with defaults, and everything that is wrong with it. Unknown fields are problems like others, and are left
 * out of the object. A status in it is dropped. A change is held against what was there `before`. Pure.
 */
export function readWritten(
  facts: KindFacts,
  body: Readonly<Record<string, unknown>>,
  before?: AnyResource,
): Written {
  const problems: Problem[] = [];
  const { status: _status, ...value } = body;
  const object = read(facts, value, problems, before);
  const { name, labels } = (body.metadata ?? {}) as { name?: unknown; labels?: Record<string, string> };
  const ofName = typeof name === 'string' ? nameProblems(facts, name) : [];
  if (ofName.length > 0) {
    // In Kubernetes' words, whatever else was said of it.
    const others = problems.filter(({ path }) => path.join('.') !== 'metadata.name');
    problems.splice(0, problems.length, ...others, ...ofName);
  }
  if (facts.resource === 'pods') problems.push(...ownLabelProblems(labels ?? {}));
  return { object: problems.some(isFault) ? undefined : object, problems };
}

/** An error, unless it is a field that nobody knows: whether that is one, the client says. */
export const isFault = ({ severity, code }: Problem): boolean =>
  severity === 'error' && code !== 'UnknownField';

function read(
  facts: KindFacts,
  value: object,
  problems: Problem[],
  before: AnyResource | undefined,
): AnyResource | undefined {
  const { kind, resource } = facts;
  // Readers give nothing for an unknown field, so it is taken out before they look.
  const known = checkShape(value, shapeOfKind(kind), [], problems);
  const own: Problem[] = [];
  if (resource === 'modelservings') {
    const object = readModelServing(known, own, () => before as ModelServing | undefined);
    addNew(problems, own);
    return object;
  }
  if (isSupportingKind(kind)) {
    const object = readSupporting(kind, known, own)?.object;
    addNew(problems, own);
    return object;
  }
  if (resource === 'pods' && !problems.some(isFault))
    problems.push(...checkPodSpec((known as Pod).spec, ['spec']));
  if (resource === 'events' && !problems.some(isFault))
    return eventFrom(known as Partial<KubeEvent>, problems);
  if (resource === 'services' && !problems.some(isFault)) return serviceWithDefaults(known as Service);
  if (resource === 'namespaces') {
    // Every Namespace has the same one, which is told and not kept.
    const { spec: _spec, ...rest } = known as { spec?: unknown };
    return { ...rest, status: { phase: 'Active' } } as unknown as AnyResource;
  }
  return known as AnyResource | undefined;
}

/** An Event as clients record it; what a table shows is there. */
function eventFrom(written: Partial<KubeEvent>, problems: Problem[]): AnyResource {
  const { involvedObject, type = 'Normal' } = written;
  const now = `${new Date().toISOString().slice(0, 19)}Z`;
  const refuse = (message: string, ...path: string[]) =>
    problems.push({ severity: 'error', code: 'InvalidValue', message, path });
  if (typeof involvedObject?.kind !== 'string' || typeof involvedObject.name !== 'string')
    refuse('Required value: kind and name of the object that it is about', 'involvedObject');
  for (const field of ['firstTimestamp', 'lastTimestamp', 'eventTime'] as const)
    if (Number.isNaN(Date.parse(written[field] ?? now)))
      refuse(`Invalid value: "${written[field]}": it is no time`, field);
  const last = written.series?.lastObservedTime;
  if (Number.isNaN(Date.parse(last ?? now)))
    refuse(`Invalid value: "${last}": it is no time`, 'series', 'lastObservedTime');
  const texts = {
    reason: written.reason ?? '',
    message: written.message ?? '',
    source: written.source ?? { component: '' },
  };
  const times = {
    firstTimestamp: written.firstTimestamp ?? now,
    lastTimestamp: written.lastTimestamp ?? now,
  };
  return { ...written, type, ...texts, ...times, count: written.count ?? 1 } as KubeEvent;
}

function addNew(problems: Problem[], more: readonly Problem[]): void {
  const told = new Set(problems.map((each) => JSON.stringify([each.path, each.code])));
  problems.push(...more.filter((each) => !told.has(JSON.stringify([each.path, each.code]))));
}

function nameProblems({ resource }: KindFacts, name: string): Problem[] {
  const isLabel = resource === 'namespaces' || resource === 'services';
  const isGood = isLabel
    ? dnsLabel.test(name) && name.length <= 63
    : subdomain.test(name) && name.length <= 253;
  if (isGood) return [];
  const message = isLabel
    ? `Invalid value: "${name}": a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')`
    : `Invalid value: "${name}": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')`;
  return [{ severity: 'error', code: 'InvalidValue', message, path: ['metadata', 'name'] }];
}

/** A Pod that carries them would be taken for one of a ModelServing. */
const ownLabelProblems = (labels: Readonly<Record<string, string>>): Problem[] =>
  Object.keys(labels)
    .filter((key) => pods.has(key))
    .map((key) => ({
      severity: 'error',
      code: 'InvalidValue',
      message: `${key} stands on the Pods of ModelServings, and only minithena sets it`,
      path: ['metadata', 'labels'],
    }));
