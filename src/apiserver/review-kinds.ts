/** Questions that are asked by creating them: nothing is kept of them. */
export const reviewKinds = [
  { groupVersion: 'authentication.k8s.io/v1', resource: 'selfsubjectreviews', kind: 'SelfSubjectReview' },
  {
    groupVersion: 'authorization.k8s.io/v1',
    resource: 'selfsubjectaccessreviews',
    kind: 'SelfSubjectAccessReview',
  },
  {
    groupVersion: 'authorization.k8s.io/v1',
    resource: 'selfsubjectrulesreviews',
    kind: 'SelfSubjectRulesReview',
  },
] as const;

export type ReviewKind = (typeof reviewKinds)[number]['kind'];
