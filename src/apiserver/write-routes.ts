import { type KindFacts, kinds, pathOf } from '../api/kinds.js';
import { deleteObject, deleteObjects, evictPod } from './delete-objects.js';
import { type Commit, editModelServing, scaleModelServing } from './edit-model-serving.js';
import type { Exchange } from './exchange.js';
import { hearStatus } from './hear-status.js';
import { changeNamespace } from './namespace-requests.js';
import { notActedOn } from './not-acted-on.js';
import { getObject } from './read-objects.js';
import type { Route } from './routes.js';
import { createObject, scaleKept, updateObject, updateStatus, type WriteParts } from './write-objects.js';

type Run = (writes: WriteParts, facts: KindFacts, exchange: Exchange) => void | Promise<void>;

/** POST, PUT, PATCH and DELETE of every kind that has them, as far as it has no way of its own; the parts of a ModelServing. */
export function writeRoutes(writes: WriteParts, commit: Commit): Route[] {
  return kinds.flatMap((facts) => {
    const all = pathOf(facts, ':namespace');
    const one = `${all}/:name`;
    const route = (verb: string, methods: readonly string[], pattern: string, run: Run): Route[] =>
      facts.verbs.includes(verb)
        ? [{ methods, pattern, handle: (exchange) => run(writes, facts, exchange) }]
        : [];
    const edit = facts.resource === 'modelservings' ? editWhereItStands(commit) : updateObject;
    return [
      ...route('create', ['POST'], all, createObject),
      ...(facts.resource === 'pods' ? [] : route('update', ['PUT', 'PATCH'], one, edit)),
      ...route('delete', ['DELETE'], one, deleteObject),
      ...route('deletecollection', ['DELETE'], all, deleteObjects),
      ...(facts.resource === 'modelservings' ? partsOf(writes, facts, one, commit) : []),
      ...(facts.resource === 'pods' ? route('delete', ['POST'], `${one}/eviction`, evictPod) : []),
      ...(tellsStatus.includes(facts.resource)
        ? route('get', ['GET'], `${one}/status`, ({ store, rules }, of, exchange) =>
            getObject(store, of, exchange, rules),
          )
        : []),
      ...(facts.resource === 'namespaces'
        ? [
            ...route('get', ['GET'], `${one}/status`, ({ store, rules }, of, exchange) =>
              getObject(store, of, exchange, rules),
            ),
            ...route('update', ['PUT', 'PATCH'], `${one}/status`, (...given) =>
              changeNamespace(...given, 'status'),
            ),
            ...route('update', ['PUT'], `${one}/finalize`, (...given) =>
              changeNamespace(...given, 'finalize'),
            ),
          ]
        : []),
      ...(notActedOn.has(facts.resource) && facts.resource !== 'services'
        ? [
            ...route('get', ['GET'], `${one}/status`, ({ store, rules }, of, exchange) =>
              getObject(store, of, exchange, rules),
            ),
            ...route('update', ['PUT', 'PATCH'], `${one}/status`, updateStatus),
          ]
        : []),
    ];
  });
}

/** These have a status that others may read as a part, and that is ours to write. */
const tellsStatus: readonly string[] = ['services', 'persistentvolumeclaims', 'nodes', 'modelservings'];

const partsOf = (writes: WriteParts, facts: KindFacts, one: string, commit: Commit): Route[] => [
  {
    methods: ['PUT', 'PATCH'],
    pattern: `${one}/status`,
    handle: (exchange) => hearStatus(writes.store, facts, exchange),
  },
  {
    methods: ['GET', 'PATCH', 'PUT'],
    pattern: `${one}/scale`,
    handle: (exchange) => scaleModelServing(writes.store, commitTo(writes, facts, commit), facts, exchange),
  },
];

/** In its watched file, or in ours. */
const editWhereItStands =
  (commit: Commit): Run =>
  (writes, facts, exchange) => {
    const { store, kept } = writes;
    const { namespace = '', name = '' } = exchange.params;
    const found = store.get('modelservings', namespace, name);
    const isWatched =
      found && !found.metadata.deletionTimestamp && !kept.has('modelservings', found.metadata);
    return isWatched
      ? editModelServing(writes, commit, facts, exchange)
      : updateObject(writes, facts, exchange);
  };

/** A commit of the count of groups, in the watched file or in ours. */
const commitTo =
  (writes: WriteParts, facts: KindFacts, commit: Commit): Commit =>
  async (ref, edit, mode) => {
    const before = writes.store.get('modelservings', ref.namespace, ref.name);
    if (!before || !writes.kept.has('modelservings', ref)) return commit(ref, edit, mode);
    const changed = edit(before).find(({ path }) => path.join('.') === 'spec.replicas');
    return scaleKept(writes, facts, before, (changed?.value ?? before.spec.replicas) as number, mode);
  };
