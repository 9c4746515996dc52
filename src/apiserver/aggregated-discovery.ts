import { type ApiResource, apiGroups, resourcesOf } from './discovery.js';

export interface Aggregate {
  readonly version: 'v2' | 'v2beta1';
  readonly contentType: string;
}

/** The newest form of aggregated discovery among what a client accepts; undefined when it asks for none. */
export function aggregateIn(accept: string | undefined): Aggregate | undefined {
  const asked = (accept ?? '').split(',').filter((each) => each.includes('as=APIGroupDiscoveryList'));
  // A client may well name the binary form first; JSON is what there is.
  const json = asked.filter((each) => each.trim().startsWith('application/json'));
  for (const version of ['v2', 'v2beta1'] as const) {
    if (!json.some((each) => each.split(';').some((part) => part.trim() === `v=${version}`))) continue;
    const contentType = `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`;
    return { version, contentType };
  }
  return undefined;
}

/** `/api` or `/apis` with every resource of every group in one answer; undefined for any other path. */
export function aggregatedDiscovery(path: string, { version }: Aggregate): object | undefined {
  if (path !== '/api' && path !== '/apis') return undefined;
  return {
    kind: 'APIGroupDiscoveryList',
    apiVersion: `apidiscovery.k8s.io/${version}`,
    metadata: {},
    items: (path === '/api' ? ['v1'] : apiGroups).map(groupOf),
  };
}

function groupOf(groupVersion: string): object {
  const [version = '', group = ''] = groupVersion.split('/').reverse();
  const all = resourcesOf(groupVersion);
  const kindOf = (each: ApiResource) => ({
    group: each.group ?? group,
    version: each.version ?? version,
    kind: each.kind,
  });
  const resources = all
    .filter(({ name }) => !name.includes('/'))
    .map((each) => {
      const parts = all.filter(({ name }) => name.startsWith(`${each.name}/`));
      return {
        resource: each.name,
        responseKind: kindOf(each),
        scope: each.namespaced ? 'Namespaced' : 'Cluster',
        singularResource: each.singularName,
        verbs: each.verbs,
        shortNames: each.shortNames,
        ...(each.categories && { categories: each.categories }),
        ...(parts.length > 0 && {
          subresources: parts.map((part) => ({
            subresource: part.name.slice(each.name.length + 1),
            responseKind: kindOf(part),
            verbs: part.verbs,
          })),
        }),
      };
    });
  return { metadata: { name: group }, versions: [{ version, resources, freshness: 'Current' }] };
}
