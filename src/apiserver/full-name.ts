import type { KindFacts } from '../api/kinds.js';

/** As Kubernetes' messages call a kind. */
export const fullName = ({ resource, group }: KindFacts): string =>
  group === '' ? resource : `${resource}.${group}`;
