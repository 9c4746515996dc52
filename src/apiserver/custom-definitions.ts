import { kinds } from '../api/kinds.js';
import { shapeOfKind } from '../api/schema/kind-shapes.js';
import { toJsonSchema } from '../api/schema/to-json-schema.js';
import { AppError } from '../lib/app-error.js';
import { secondsText } from '../lib/time-text.js';
import { type Exchange, isSet, sendJson } from './exchange.js';
import type { Route } from './routes.js';

const apiVersion = 'apiextensions.k8s.io/v1';
// Made with the program: nothing changes them while it runs.
const resourceVersion = '1';
const creationTimestamp = secondsText(Date.now());

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
      apiVersion,
      kind: 'CustomResourceDefinition',
      metadata: {
        name: `${resource}.${group}`,
        uid: `minithena-${resource}`,
        resourceVersion,
        generation: 1,
        creationTimestamp,
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
            schema: { openAPIV3Schema: toJsonSchema(shapeOfKind(kind)) },
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

const root = `/apis/${apiVersion}/customresourcedefinitions`;

/** The definitions of kthena's kinds, for tools that look there before they use a kind. Nobody changes them. */
export const definitionRoutes: readonly Route[] = [
  { methods: ['GET'], pattern: root, handle: list },
  {
    methods: ['GET'],
    pattern: `${root}/:name`,
    handle({ response, params }) {
      const found = definitions.find(({ metadata }) => metadata.name === params.name);
      if (!found)
        throw new AppError(
          'NotFound',
          `customresourcedefinitions.apiextensions.k8s.io "${params.name}" not found`,
        );
      sendJson(response, 200, found);
    },
  },
];

function list({ query, response }: Exchange): void {
  const wanted = query.get('fieldSelector')?.match(/^metadata\.name==?(.*)$/)?.[1];
  const items = definitions.filter(({ metadata }) => wanted === undefined || metadata.name === wanted);
  if (!isSet(query, 'watch')) {
    sendJson(response, 200, {
      kind: 'CustomResourceDefinitionList',
      apiVersion,
      metadata: { resourceVersion },
      items,
    });
    return;
  }
  response.writeHead(200, { 'content-type': 'application/json' });
  response.flushHeaders();
  // Who has listed them knows them; the watch stays open and has nothing to tell.
  if (['', '0'].includes(query.get('resourceVersion') ?? ''))
    for (const each of items) response.write(`${JSON.stringify({ type: 'ADDED', object: each })}\n`);
  const seconds = Math.min(Number(query.get('timeoutSeconds')) || 1800, 3600);
  const end = setTimeout(() => response.end(), seconds * 1000);
  response.on('close', () => clearTimeout(end));
}
