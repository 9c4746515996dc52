import { ask, patchTypes, type RequestCase } from './request-case.js';

const core = '/api/v1/namespaces/default';
const configMaps = `${core}/configmaps`;
const get = (note: string, path: string, headers?: RequestCase['headers']) =>
  ask(note, 'GET', path, undefined, headers);
const list = (note: string, query: string) => get(note, `${configMaps}?${query}`);

/** Who may ask, and for what at all. */
export const doorCases: readonly RequestCase[] = [
  get('no token', configMaps, { authorization: '' }),
  get('another token', configMaps, { authorization: 'Bearer other!' }),
  get('by the name of another', configMaps, { host: 'example.org' }),
  get('from the page of another', configMaps, { origin: 'https://example.org' }),
  get('from a page that does not say whose it is', configMaps, { origin: 'null' }),
  get('from a page of its own', `${configMaps}/none`, { origin: 'https://localhost:1' }),
  get('a path that is not there', '/none'),
  get('one at a version that is none', `${configMaps}/none?resourceVersion=new`),
  get('a group that is not there', '/apis/none.example/v1'),
  get('a version that is not there', '/apis/workload.serving.volcano.sh/v9/modelservings'),
  get('a kind that is not there', `${core}/widgets`),
  get('half of a path', '/api/v1/namespaces/'),
  get('a part that is not encoded', `${core}/configmaps/%zz`),
  get('nothing but protobuf', configMaps, { accept: 'application/vnd.kubernetes.protobuf' }),
  get('protobuf or JSON', `${configMaps}/none`, {
    accept: 'application/vnd.kubernetes.protobuf,application/json',
  }),
  get('a table of a version that is not there', configMaps, {
    accept: 'application/json;as=Table;v=v9;g=meta.k8s.io',
  }),
  ask('too much', 'POST', configMaps, `{"data":{"a":"${'x'.repeat(4 * 2 ** 20)}"}}`),
  ask('two at once', 'POST', configMaps, 'metadata: { name: a }\n---\nmetadata: { name: b }', {
    'content-type': 'application/yaml',
  }),
  ask('a method that nobody knows', 'OPTIONS', configMaps),
  ask('an access review', 'POST', '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SelfSubjectAccessReview',
    spec: { resourceAttributes: { verb: 'delete', resource: 'pods' } },
  }),
];

/** What lists and watches refuse, for any kind. */
export const listCases: readonly RequestCase[] = [
  list('a label selector that is none', 'labelSelector=a%20in%20b'),
  list('a label that is none', `labelSelector=${'a'.repeat(64)}`),
  list('a field selector that is none', 'fieldSelector=metadata.name'),
  list('a limit that is none', 'limit=many'),
  list('a version that is none', 'resourceVersion=new'),
  list('a version of the future', 'resourceVersion=999999999999999'),
  list('a match without a version', 'resourceVersionMatch=Exact'),
  list('a match that nobody knows', 'resourceVersion=1&resourceVersionMatch=Nearly'),
  list('exactly any', 'resourceVersion=0&resourceVersionMatch=Exact'),
  list('exactly what nobody remembers', 'resourceVersion=1&resourceVersionMatch=Exact'),
  list('a page of no list', 'continue=none'),
  list('a page and a version', 'continue=none&resourceVersion=1'),
  list('first events of a list', 'sendInitialEvents=true'),
  list('first events without a match', 'watch=true&sendInitialEvents=true'),
  list('a match of a watch alone', 'watch=true&resourceVersionMatch=NotOlderThan'),
  list('a watch of no known selector', 'watch=true&labelSelector=a%20b'),
  list('a watch from a version that nobody remembers', 'watch=true&resourceVersion=1&timeoutSeconds=1'),
];

const servings = '/apis/workload.serving.volcano.sh/v1alpha1/namespaces/default/modelservings';
const scale = (note: string, method: string, name: string, body?: unknown, query = '') =>
  ask(
    note,
    method,
    `${servings}/${name}/scale${query}`,
    body,
    method === 'PATCH' ? patchTypes.merge : undefined,
  );

const misspelt = {
  apiVersion: 'workload.serving.volcano.sh/v1alpha1',
  kind: 'ModelServing',
  metadata: { name: 'misspelt' },
  spec: { templates: {} },
};

/** A ModelServing of a watched file, and counts. */
export const servingCases: readonly RequestCase[] = [
  scale('the count of groups', 'GET', 'sample'),
  scale('of one that is not there', 'GET', 'none'),
  scale('to a text', 'PATCH', 'sample', { spec: { replicas: 'two' } }),
  scale('to less than nothing', 'PATCH', 'sample', { spec: { replicas: -1 } }),
  scale('to half a group', 'PATCH', 'sample', { spec: { replicas: 1.5 } }),
  scale('a stale version', 'PATCH', 'sample', { metadata: { resourceVersion: '1' }, spec: { replicas: 2 } }),
  scale(
    'to no number: Go leaves out a 0',
    'PUT',
    'sample',
    { metadata: { name: 'sample' }, spec: {} },
    '?dryRun=All',
  ),
  scale('of another', 'PUT', 'sample', { metadata: { name: 'other' }, spec: { replicas: 2 } }),
  scale('of another that had the name', 'PATCH', 'sample', {
    metadata: { uid: 'other' },
    spec: { replicas: 2 },
  }),
  scale('a field that nobody knows', 'PATCH', 'sample', { spec: { replica: 2 } }, '?dryRun=All'),
  scale('the same, strictly', 'PATCH', 'sample', { spec: { replica: 2 } }, '?fieldValidation=Strict'),
  ask('strategically', 'PATCH', `${servings}/sample/scale`, { spec: { replicas: 2 } }, patchTypes.strategic),
  scale('another kind', 'PUT', 'sample', { kind: 'Size', apiVersion: 'autoscaling/v1' }),
  scale('only tried', 'PATCH', 'sample', { spec: { replicas: 2 } }, '?dryRun=All'),
  scale('really', 'PATCH', 'sample', { spec: { replicas: 2 } }),
  scale('removed', 'DELETE', 'sample'),
  ask('a field misspelt, strictly', 'POST', `${servings}?fieldValidation=Strict`, misspelt),
  ask('a field misspelt', 'POST', servings, misspelt),
  ask('its status, written', 'PUT', `${servings}/sample/status`, {
    apiVersion: 'workload.serving.volcano.sh/v1alpha1',
    kind: 'ModelServing',
    metadata: { name: 'sample' },
    status: { replicas: 7 },
  }),
  ask('its name, changed', 'PATCH', `${servings}/sample`, { metadata: { name: 'other' } }, patchTypes.merge),
  ask(
    'a strategic patch of a kind that has none',
    'PATCH',
    `${servings}/sample`,
    { spec: { replicas: 3 } },
    patchTypes.strategic,
  ),
  ask('what its file holds, removed', 'DELETE', `${servings}/sample`),
  ask('all of them, removed', 'DELETE', servings),
  ask('the namespace of it, removed', 'DELETE', '/api/v1/namespaces/default'),
];

const pod = `${core}/pods/one`;

/** What Pods have beside themselves. */
export const podCases: readonly RequestCase[] = [
  get('the log of one that is not there', `${core}/pods/none/log`),
  ask('one with two containers', 'POST', `${core}/pods`, {
    metadata: { name: 'one' },
    spec: {
      containers: [
        { name: 'a', image: 'busybox' },
        { name: 'b', image: 'busybox' },
      ],
    },
  }),
  get('a log of nobody knows which container', `${pod}/log`),
  get('a tail that is none', `${pod}/log?container=a&tailLines=-1`),
  get('since a time that is none', `${pod}/log?container=a&sinceTime=yesterday`),
  get('the log of one', `${pod}/log?container=a`),
  ask('exec without a WebSocket', 'POST', `${pod}/exec?container=a&command=ls`),
  ask('port-forward without a WebSocket', 'POST', `${pod}/portforward`),
  ask(
    'a condition that is none',
    'PATCH',
    `${pod}/status`,
    { status: { conditions: [{ type: 'a' }] } },
    patchTypes.strategic,
  ),
  ask(
    'a condition',
    'PATCH',
    `${pod}/status`,
    { status: { conditions: [{ type: 'a/b', status: 'True' }] } },
    patchTypes.strategic,
  ),
  ask(
    'the status of one that is not there',
    'PATCH',
    `${core}/pods/none/status`,
    { status: { conditions: [] } },
    patchTypes.strategic,
  ),
  ask(
    'a label that only minithena sets',
    'PATCH',
    pod,
    { metadata: { labels: { 'modelserving.volcano.sh/name': 'x' } } },
    patchTypes.merge,
  ),
  ask('evicted, and not there', 'POST', `${core}/pods/none/eviction`, {
    kind: 'Eviction',
    apiVersion: 'policy/v1',
    metadata: { name: 'none' },
  }),
  ask('evicted by the name of another', 'POST', `${pod}/eviction`, { metadata: { name: 'two' } }),
  ask('evicted, if it is another', 'POST', `${pod}/eviction`, {
    metadata: { name: 'one' },
    deleteOptions: { preconditions: { uid: 'other' } },
  }),
  ask('bound', 'POST', `${pod}/binding`, { target: { name: 'node' } }),
];

const hold = (finalizers: readonly string[] | null) => ({ metadata: { finalizers } });

/** Namespaces, and what goes with them. */
export const namespaceCases: readonly RequestCase[] = [
  ask('a name with a dot', 'POST', '/api/v1/namespaces', { metadata: { name: 'a.b' } }),
  ask('made', 'POST', '/api/v1/namespaces', { metadata: { name: 'lab' } }),
  ask('something in it', 'POST', '/api/v1/namespaces/lab/configmaps', { metadata: { name: 'held' } }),
  ask('held', 'PATCH', '/api/v1/namespaces/lab/configmaps/held', hold(['test/hold']), patchTypes.merge),
  ask('removed', 'DELETE', '/api/v1/namespaces/lab'),
  ask('something new in it', 'POST', '/api/v1/namespaces/lab/configmaps', { metadata: { name: 'late' } }),
  ask('finalized by hand', 'PUT', '/api/v1/namespaces/lab/finalize', { metadata: { name: 'lab' } }),
  ask('its status', 'GET', '/api/v1/namespaces/lab/status'),
  ask('let go', 'PATCH', '/api/v1/namespaces/lab/configmaps/held', hold(null), patchTypes.merge),
  ask('the first namespace, removed', 'DELETE', '/api/v1/namespaces/default'),
  ask('all namespaces, removed', 'DELETE', '/api/v1/namespaces?labelSelector=none'),
];
