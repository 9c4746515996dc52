import { groupVersionOf, type KindFacts, pathOf } from '../../../../src/api/kinds.js';
import { ask, patchTypes, type RequestCase } from './request-case.js';
import { sampleObject, sampleOf } from './sample-objects.js';

const { json, merge, apply } = patchTypes;

/** What is asked of every kind in the same way: reads, then what it takes and refuses of writes. */
export function kindCases(facts: KindFacts): RequestCase[] {
  const all = pathOf(facts, 'default');
  return [
    ask('one that is not there', 'GET', `${all}/none`),
    ask('a field that is not selectable', 'GET', `${all}?fieldSelector=spec.none%3Da`),
    ask('a subresource that is not there', 'GET', `${all}/one/none`),
    ...(facts.verbs.includes('create') ? writeCases(facts, all) : refusedWrites(facts, all)),
  ];
}

const refusedWrites = (facts: KindFacts, all: string): RequestCase[] => [
  ask('nobody makes one', 'POST', all, { kind: facts.kind, metadata: { name: 'one' } }),
  ask('nobody replaces one', 'PUT', `${all}/one`, { kind: facts.kind, metadata: { name: 'one' } }),
  ask('nobody changes one', 'PATCH', `${all}/one`, { metadata: { labels: { a: 'b' } } }, merge),
  ask('nobody removes one', 'DELETE', `${all}/one`),
];

function writeCases(facts: KindFacts, all: string): RequestCase[] {
  const { change, wrong } = sampleOf(facts);
  const good = (name = 'one', metadata: object = {}) => sampleObject(facts, name, metadata);
  const one = `${all}/one`;
  const set = (metadata: object) => ({ metadata });
  return [
    ask('not kept, only tried', 'POST', `${all}?dryRun=All`, good()),
    ask('so it is not there', 'GET', one),
    ask('a dry run that nobody knows', 'POST', `${all}?dryRun=Some`, good()),
    ask('made', 'POST', all, good()),
    ask('made again', 'POST', all, good()),
    ask('nothing in the body', 'POST', all),
    ask('no JSON', 'POST', all, '{"kind":'),
    ask('a list', 'POST', all, []),
    ask('another kind', 'POST', all, { ...good('two'), kind: 'Other' }),
    ask('another version', 'POST', all, { ...good('two'), apiVersion: `${groupVersionOf(facts)}beta9` }),
    ask('no name', 'POST', all, { ...good(), metadata: {} }),
    ask('a name that is none', 'POST', all, good('Two_')),
    ask('a label that is none', 'POST', all, good('two', { labels: { 'a b': 'c' } })),
    ask('a version of what is new', 'POST', all, good('two', { resourceVersion: '1' })),
    ...(facts.namespaced
      ? [
          ask('another namespace', 'POST', all, good('two', { namespace: 'other' })),
          ask('a namespace that is not there', 'POST', pathOf(facts, 'none'), good('two')),
        ]
      : []),
    ask('a field that nobody knows', 'POST', `${all}?dryRun=All`, { ...good('two'), colour: 'red' }),
    ask('the same, strictly', 'POST', `${all}?fieldValidation=Strict`, { ...good('two'), colour: 'red' }),
    ask('the same, not minded', 'POST', `${all}?dryRun=All&fieldValidation=Ignore`, {
      ...good('two'),
      colour: 'red',
    }),
    ask('changed', 'PATCH', one, change, merge),
    ask('changed to what it is', 'PATCH', one, change, merge),
    ...Object.entries(wrong).map(([note, patch]) => ask(note, 'PATCH', one, patch, merge)),
    ask('a status is not heard here', 'PATCH', one, { status: { phase: 'Odd' } }, merge),
    ask('a stale version', 'PATCH', one, set({ resourceVersion: '1' }), merge),
    ask('a stale version, whole', 'PUT', one, good('one', { resourceVersion: '1' })),
    ask('of another one that had the name', 'PUT', one, good('one', { uid: 'other' })),
    ask('another name than the path', 'PUT', one, good('two')),
    ask('no name but in the path', 'PUT', one, { ...good(), metadata: {} }),
    ask('of no kind', 'PUT', `${one}?dryRun=All`, { ...good(), kind: undefined }),
    ask('with nothing in the body, whole', 'PUT', one),
    ask('whole, of no version', 'PUT', `${one}?dryRun=All`, good()),
    ask('a test that fails', 'PATCH', one, [{ op: 'test', path: '/metadata/name', value: 'two' }], json),
    ask('a patch that is none', 'PATCH', one, [{ op: 'turn', path: '/metadata/name' }], json),
    ask('a patch of a place that is not there', 'PATCH', one, [{ op: 'remove', path: '/spec/none/a' }], json),
    ask('a patch of no known type', 'PATCH', one, change, { 'content-type': 'application/json' }),
    ask('applied without a manager', 'PATCH', one, good(), apply),
    ask('no protobuf', 'PUT', one, 'k8s', { 'content-type': 'application/vnd.kubernetes.protobuf' }),
    ask('a body in CBOR', 'PUT', one, 'x', { 'content-type': 'application/cbor' }),
    ask('replaced, and not there', 'PUT', `${all}/none`, good('none')),
    ask('changed, and not there', 'PATCH', `${all}/none`, change, merge),
    ask('made at its own path', 'POST', one, good()),
    ask('all replaced', 'PUT', all, good()),
    ask('removed, and not there', 'DELETE', `${all}/none`),
    ask('removed, if it is another', 'DELETE', one, { preconditions: { uid: 'other' } }),
    ask('removed, if it is older', 'DELETE', one, { preconditions: { resourceVersion: '1' } }),
    ask('removed in a way that nobody knows', 'DELETE', `${one}?propagationPolicy=Away`),
    ask('removed in less than no time', 'DELETE', `${one}?dryRun=All&gracePeriodSeconds=-1`),
    ask('removed in a dry run that nobody knows', 'DELETE', `${one}?dryRun=Some`),
    ask('only told what removing would do', 'DELETE', `${one}?dryRun=All`),
    ask('held by a finalizer', 'PATCH', one, set({ finalizers: ['test/hold'] }), merge),
    ask('removed, and held', 'DELETE', `${one}?gracePeriodSeconds=0`),
    ask('held once more, too late', 'PATCH', one, set({ finalizers: ['test/hold', 'test/more'] }), merge),
    ask('let go', 'PATCH', one, set({ finalizers: null }), merge),
    ask('all removed by a selector that is none', 'DELETE', `${all}?labelSelector=a%20b`),
  ];
}
