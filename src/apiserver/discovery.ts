import { groupVersionOf, servedKinds } from '../api/kinds.js';
import { kubernetesVersion } from '../api/kubernetes-version.js';
import { definitionFacts } from './definition-facts.js';
import { notActedOn } from './not-acted-on.js';
import { reviewKinds } from './review-kinds.js';
import { usageGroupVersion } from './usage-requests.js';

const listed = [...servedKinds, definitionFacts];
export const apiGroups = [
  ...new Set(listed.filter((each) => each.group !== '').map(groupVersionOf)),
  usageGroupVersion,
  ...new Set(reviewKinds.map((each) => each.groupVersion)),
];

/** One resource as discovery lists it. */
export interface ApiResource {
  readonly name: string;
  readonly singularName: string;
  readonly namespaced: boolean;
  readonly kind: string;
  readonly shortNames: readonly string[];
  readonly verbs: readonly string[];
  readonly categories?: readonly string[];
  /** Where the answer's kind belongs to another group. */
  readonly group?: string;
  readonly version?: string;
}

const groupObject = (groupVersion: string) => {
  const [name = '', version = ''] = groupVersion.split('/');
  const entry = { groupVersion, version };
  return { name, versions: [entry], preferredVersion: entry };
};

/** What kubectl asks before its first request: versions, groups, and the kinds of each. Undefined for any other path. */
export function discovery(path: string): object | undefined {
  if (path === '/version') {
    const { major, minor, text } = kubernetesVersion;
    return {
      major,
      minor,
      gitVersion: text,
      // Clients with strict types want them all.
      gitCommit: '',
      gitTreeState: '',
      buildDate: '',
      goVersion: '',
      compiler: '',
      // As Go names it.
      platform: `${process.platform}/${process.arch === 'x64' ? 'amd64' : process.arch}`,
    };
  }
  if (path === '/api')
    return { kind: 'APIVersions', apiVersion: 'v1', versions: ['v1'], serverAddressByClientCIDRs: [] };
  if (path === '/apis') return { kind: 'APIGroupList', apiVersion: 'v1', groups: apiGroups.map(groupObject) };
  const group = apiGroups.find((each) => path === `/apis/${each.split('/')[0]}`);
  if (group) return { kind: 'APIGroup', apiVersion: 'v1', ...groupObject(group) };
  const groupVersion = path === '/api/v1' ? 'v1' : apiGroups.find((each) => path === `/apis/${each}`);
  if (groupVersion === undefined) return undefined;
  return { kind: 'APIResourceList', apiVersion: 'v1', groupVersion, resources: resourcesOf(groupVersion) };
}

/** The kinds of a group and version, its subresources as `resource/part`. */
export function resourcesOf(groupVersion: string): ApiResource[] {
  const own: ApiResource[] = listed
    .filter((each) => groupVersionOf(each) === groupVersion)
    .map(({ resource, kind, namespaced, shortNames, verbs }) => ({
      name: resource,
      singularName: kind.toLowerCase(),
      namespaced,
      kind,
      shortNames,
      verbs,
      // What `kubectl get all` shows.
      ...(['modelservings', 'pods', 'services'].includes(resource) && { categories: ['all'] }),
    }));
  if (groupVersion === 'v1') {
    own.push({ ...part('namespaces/status', 'Namespace', ['get', 'patch', 'update']), namespaced: false });
    own.push({ ...part('namespaces/finalize', 'Namespace', ['update']), namespaced: false });
    own.push({ ...part('nodes/status', 'Node', ['get']), namespaced: false });
    own.push(part('services/status', 'Service', ['get']));
    own.push(part('persistentvolumeclaims/status', 'PersistentVolumeClaim', ['get']));
    own.push(part('pods/log', 'Pod', ['get']));
    own.push(part('pods/status', 'Pod', ['get', 'patch', 'update']));
    own.push(part('pods/eviction', 'Eviction', ['create'], { group: 'policy', version: 'v1' }));
    own.push(part('pods/exec', 'PodExecOptions', ['create', 'get']));
    own.push(part('pods/attach', 'PodAttachOptions', ['create', 'get']));
    own.push(part('pods/portforward', 'PodPortForwardOptions', ['create', 'get']));
  }
  for (const each of servedKinds)
    if (groupVersionOf(each) === groupVersion && notActedOn.has(each.resource) && each.group !== '')
      own.push(part(`${each.resource}/status`, each.kind, ['get', 'patch', 'update']));
  if (groupVersion.startsWith('workload.')) {
    own.push(part('modelservings/status', 'ModelServing', ['get', 'patch', 'update']));
    own.push(
      part('modelservings/scale', 'Scale', ['get', 'patch', 'update'], {
        group: 'autoscaling',
        version: 'v1',
      }),
    );
  }
  for (const { resource, kind, ...each } of reviewKinds)
    if (each.groupVersion === groupVersion)
      own.push({ ...part(resource, kind, ['create']), singularName: kind.toLowerCase(), namespaced: false });
  if (groupVersion === usageGroupVersion) {
    for (const [name, kind, namespaced] of [
      ['nodes', 'NodeMetrics', false],
      ['pods', 'PodMetrics', true],
    ] as const)
      own.push({ name, singularName: '', namespaced, kind, shortNames: [], verbs: ['get', 'list'] });
  }
  return own;
}

const part = (name: string, kind: string, verbs: string[], more: object = {}): ApiResource => ({
  name,
  singularName: '',
  namespaced: true,
  kind,
  shortNames: [],
  verbs,
  ...more,
});
