import { type KindFacts, servedKinds } from '../api/kinds.js';

/** What a request was about. */
export interface ErrorSubject {
  readonly facts: KindFacts;
  /** undefined for all objects of a kind. */
  readonly name: string | undefined;
}

/** The kind, and the name of the object, in a path that is served; undefined when it is about none. Pure. */
export function subjectOf(path: string): ErrorSubject | undefined {
  const [, root, ...steps] = path.split('/');
  const group = root === 'api' ? '' : (steps.shift() ?? '');
  const [version, ...rest] = steps;
  const [resource, name] = rest[0] === 'namespaces' && namedIn(rest) ? rest.slice(2) : rest;
  const facts = servedKinds.find(
    (each) => each.group === group && each.version === version && each.resource === resource,
  );
  return facts && { facts, name: name === undefined ? undefined : decodeURIComponent(name) };
}

/** Whether `namespaces/NAME/…` leads to something in it; its own subresources are its own. */
const namedIn = ([, , within]: readonly string[]): boolean =>
  within !== undefined && within !== 'status' && within !== 'finalize';
