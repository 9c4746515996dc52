import { type ApiResource, apiGroups, resourcesOf } from './discovery.js';
import { readBody, sendJson } from './exchange.js';
import { type ReviewKind, reviewKinds } from './review-kinds.js';
import type { Route } from './routes.js';

interface Asked {
  resourceAttributes?: { verb?: string; group?: string; resource?: string; subresource?: string };
  nonResourceAttributes?: { verb?: string; path?: string };
}

/** What is served, parts as `resource/part`, each with the group whose it is. */
const served = (): (readonly [group: string, of: ApiResource])[] =>
  ['v1', ...apiGroups].flatMap((version) => {
    const group = version.includes('/') ? (version.split('/')[0] ?? '') : '';
    return resourcesOf(version).map((each) => [group, each] as const);
  });

const fits = (asked: string, found: string): boolean => asked === '*' || asked === found;

/** Whoever has the token may do all that is served, so that `*` is whatever there is. */
function isServed({ resourceAttributes, nonResourceAttributes }: Asked): boolean {
  if (!resourceAttributes) return fits(nonResourceAttributes?.verb ?? '*', 'get');
  const { verb = '', group = '', resource = '', subresource } = resourceAttributes;
  const name = subresource ? `${resource}/${subresource}` : resource;
  return served().some(
    ([its, each]) => fits(group, its) && fits(name, each.name) && (verb === '*' || each.verbs.includes(verb)),
  );
}

/** What is answered to each question: the `status` of the review. */
const answers: Readonly<Record<ReviewKind, (asked: Asked) => object>> = {
  // Who am I? For `kubectl auth whoami`.
  SelfSubjectReview: () => ({
    userInfo: { username: 'minithena', groups: ['system:masters', 'system:authenticated'] },
  }),
  // May I? k9s asks before it shows a kind, `kubectl auth can-i` for a person.
  SelfSubjectAccessReview(asked) {
    const allowed = isServed(asked);
    return { allowed, ...(!allowed && { reason: 'minithena does not serve this' }) };
  },
  // What may I? For `kubectl auth can-i --list`: all that is served, in every namespace.
  SelfSubjectRulesReview: () => ({
    resourceRules: served().map(([group, { name, verbs }]) => ({
      verbs,
      apiGroups: [group],
      resources: [name],
    })),
    nonResourceRules: [{ verbs: ['get'], nonResourceURLs: ['*'] }],
    incomplete: false,
  }),
};

export const reviewRoutes: readonly Route[] = reviewKinds.map(({ groupVersion, resource, kind }) => ({
  methods: ['POST'],
  pattern: `/apis/${groupVersion}/${resource}`,
  async handle({ request, response }) {
    const { spec = {} } = Object(await readBody(request)) as { spec?: Asked | null };
    const status = answers[kind](spec ?? {});
    // A SelfSubjectReview asks nothing that would have to be said.
    const asked = kind === 'SelfSubjectReview' ? {} : { spec: spec ?? {} };
    sendJson(response, 201, { kind, apiVersion: groupVersion, metadata: {}, ...asked, status });
  },
}));
