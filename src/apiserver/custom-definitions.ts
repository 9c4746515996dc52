import { groupVersionOf, kinds, pathOf } from '../api/kinds.js';
import { toJsonSchema } from '../api/schema/to-json-schema.js';
import { toldShape } from '../api/schema/told-shape.js';
import { systemClock } from '../lib/clock.js';
import { createObjectStore } from '../store/create-object-store.js';
import { definitionFacts } from './definition-facts.js';
import { getObject, listObjects } from './read-objects.js';
import type { Route } from './routes.js';
import type { Rules } from './table-columns.js';

const definitions = kinds
  .filter(({ group }) => group.includes('volcano.sh'))
  .map(({ resource, group, version, kind, namespaced, shortNames }) => {
    const names = {
      plural: resource,
      singular: kind.toLowerCase(),
      kind,
      listKind: `${kind}List`,
      shortNames,
    };
    const established = ['NamesAccepted', 'Established'].map((type) => ({
      type,
      status: 'True',
      reason: 'BuiltIn',
      message: 'a part of minithena',
      lastTransitionTime: null,
    }));
    return {
      apiVersion: groupVersionOf(definitionFacts),
      kind: definitionFacts.kind,
      metadata: {
        name: `${resource}.${group}`,
        namespace: '',
        uid: `minithena-${resource}`,
      },
      spec: {
        group,
        names,
        scope: namespaced ? 'Namespaced' : 'Cluster',
        versions: [
          {
            name: version,
            served: true,
            storage: true,
            schema: { openAPIV3Schema: toJsonSchema(toldShape({ group, kind })) },
            subresources: {
              status: {},
              scale: { specReplicasPath: '.spec.replicas', statusReplicasPath: '.status.replicas' },
            },
          },
        ],
        conversion: { strategy: 'None' },
      },
      status: { acceptedNames: names, storedVersions: [version], conditions: established },
    };
  });

/** The definitions of kthena's kinds, for tools that look there before they use a kind. Nobody changes them. */
export function definitionRoutes(rules: Rules): Route[] {
  const store = createObjectStore({ clock: systemClock });
  for (const each of definitions) store.create(definitionFacts.resource, each as never);
  const root = pathOf(definitionFacts);
  const methods = ['GET'];
  return [
    { methods, pattern: root, handle: (exchange) => listObjects(store, definitionFacts, exchange, rules) },
    {
      methods,
      pattern: `${root}/:name`,
      handle: (exchange) => getObject(store, definitionFacts, exchange, rules),
    },
  ];
}
