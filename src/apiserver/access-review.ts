import { servedKinds } from '../api/kinds.js';
import { type Exchange, readBody, sendJson } from './exchange.js';

interface Asked {
  spec?: { resourceAttributes?: { verb?: string; group?: string; resource?: string; subresource?: string } };
}

const parts: Record<string, readonly string[]> = {
  'pods/log': ['get'],
  'pods/eviction': ['create'],
  'pods/status': ['get', 'patch', 'update'],
  'modelservings/scale': ['get', 'patch', 'update'],
  'modelservings/status': ['get'],
};

/** May I? k9s asks before it shows a kind, `kubectl auth can-i` for a person. Whoever has the token may do all that the API does. */
export async function reviewAccess({ request, response }: Exchange): Promise<void> {
  const body = (await readBody(request)) as Asked | null;
  const { verb = '', group = '', resource = '', subresource } = body?.spec?.resourceAttributes ?? {};
  const facts = servedKinds.find((each) => each.resource === resource && each.group === group);
  const verbs = subresource ? parts[`${resource}/${subresource}`] : facts?.verbs;
  const allowed = facts !== undefined && verbs?.includes(verb) === true;
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
  const rule = (group: string, resource: string, verbs: readonly string[]) => ({
    verbs,
    apiGroups: [group],
    resources: [resource],
  });
  const groupOf = (part: string) =>
    servedKinds.find(({ resource }) => part.startsWith(`${resource}/`))?.group;
  sendJson(response, 201, {
    kind: 'SelfSubjectRulesReview',
    apiVersion: 'authorization.k8s.io/v1',
    metadata: {},
    spec: spec ?? {},
    status: {
      resourceRules: [
        ...servedKinds.map(({ group, resource, verbs }) => rule(group, resource, verbs)),
        ...Object.entries(parts).map(([part, verbs]) => rule(groupOf(part) ?? '', part, verbs)),
      ],
      nonResourceRules: [{ verbs: ['get'], nonResourceURLs: ['*'] }],
      incomplete: false,
    },
  });
}
