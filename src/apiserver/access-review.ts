import { type ApiResource, apiGroups, resourcesOf } from './discovery.js';
import { type Exchange, readBody, sendJson } from './exchange.js';

interface Asked {
  spec?: { resourceAttributes?: { verb?: string; group?: string; resource?: string; subresource?: string } };
}

/** What is served, parts as `resource/part`, each with the group whose it is. */
const served = (): (readonly [group: string, of: ApiResource])[] =>
  ['v1', ...apiGroups].flatMap((version) => {
    const group = version.includes('/') ? (version.split('/')[0] ?? '') : '';
    return resourcesOf(version).map((each) => [group, each] as const);
  });

/** May I? k9s asks before it shows a kind, `kubectl auth can-i` for a person. Whoever has the token may do all that the API does. */
export async function reviewAccess({ request, response }: Exchange): Promise<void> {
  const body = (await readBody(request)) as Asked | null;
  const { verb = '', group = '', resource = '', subresource } = body?.spec?.resourceAttributes ?? {};
  const name = subresource ? `${resource}/${subresource}` : resource;
  const allowed = served().some(
    ([its, each]) => its === group && each.name === name && each.verbs.includes(verb),
  );
  sendJson(response, 201, {
    kind: 'SelfSubjectAccessReview',
    apiVersion: 'authorization.k8s.io/v1',
    metadata: {},
    spec: body?.spec ?? {},
    status: { allowed, ...(!allowed && { reason: 'minithena does not serve this' }) },
  });
}

/** What may I? For `kubectl auth can-i --list`: all that is served, in every namespace. */
export async function reviewRules({ request, response }: Exchange): Promise<void> {
  const { spec } = Object(await readBody(request)) as { spec?: unknown };
  sendJson(response, 201, {
    kind: 'SelfSubjectRulesReview',
    apiVersion: 'authorization.k8s.io/v1',
    metadata: {},
    spec: spec ?? {},
    status: {
      resourceRules: served().map(([group, { name, verbs }]) => ({
        verbs,
        apiGroups: [group],
        resources: [name],
      })),
      nonResourceRules: [{ verbs: ['get'], nonResourceURLs: ['*'] }],
      incomplete: false,
    },
  });
}
