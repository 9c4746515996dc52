import type { KindFacts } from '../api/kinds.js';
import type { ResourceName } from '../api/types/resources.js';

/** CustomResourceDefinitions are served like the other kinds, from a store of their own: nobody but this server has a use for them. */
export const definitionFacts: KindFacts = {
  resource: 'customresourcedefinitions' as ResourceName,
  group: 'apiextensions.k8s.io',
  version: 'v1',
  kind: 'CustomResourceDefinition',
  namespaced: false,
  shortNames: ['crd', 'crds'],
  verbs: ['get', 'list', 'watch'],
};
