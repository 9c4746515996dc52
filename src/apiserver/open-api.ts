import { groupVersionOf, pathOf, servedKinds } from '../api/kinds.js';
import { toJsonSchema } from '../api/schema/to-json-schema.js';
import { toldShape } from '../api/schema/told-shape.js';
import { programVersion } from '../lib/program-version.js';
import { shortHash } from '../lib/short-hash.js';
import { definitionFacts } from './definition-facts.js';

const prefix = '/openapi/v3';
const pathOfVersion = (groupVersion: string) => (groupVersion === 'v1' ? 'api/v1' : `apis/${groupVersion}`);
// Its being named tells kubectl that the server checks fields, so that kubectl leaves it to the server.
const patchParameters = [{ name: 'fieldValidation', in: 'query', schema: { type: 'string' } }];
const described = [...servedKinds, definitionFacts];
const versions = [...new Set(described.map(groupVersionOf))];

/** OpenAPI v3: the index, and one document per group and version; undefined for any other path. */
export function openApi(path: string): object | undefined {
  if (path === prefix) return { paths: index };
  const groupVersion = versions.find((each) => path === `${prefix}/${pathOfVersion(each)}`);
  return groupVersion === undefined ? undefined : documentOf(groupVersion);
}

// Clients keep a document for as long as its hash stays, so the hash covers all of it.
const index = Object.fromEntries(
  versions.map((each) => {
    const hash = shortHash(JSON.stringify(documentOf(each)));
    const path = pathOfVersion(each);
    return [path, { serverRelativeURL: `${prefix}/${path}?hash=${hash}` }];
  }),
);

function documentOf(groupVersion: string): object {
  const own = described.filter((each) => groupVersionOf(each) === groupVersion);
  const nameOf = (kind: string) => `${groupVersion.split('/').join('.')}.${kind}`;
  const version = groupVersion.split('/').at(-1);
  const schemas = own.map(({ group, kind }) => [
    nameOf(kind),
    {
      ...toJsonSchema(toldShape({ group, kind })),
      'x-kubernetes-group-version-kind': [{ group, version, kind }],
    },
  ]);
  const paths = own.map((facts) => {
    const { group, kind, namespaced, verbs } = facts;
    const schema = { $ref: `#/components/schemas/${nameOf(kind)}` };
    const operation = {
      'x-kubernetes-group-version-kind': { group, version, kind },
      responses: { 200: { description: 'OK', content: { 'application/json': { schema } } } },
    };
    const segments = namespaced ? ['namespace', 'name'] : ['name'];
    return [
      `${pathOf(facts, '{namespace}')}/{name}`,
      {
        parameters: segments.map((name) => ({
          name,
          in: 'path',
          required: true,
          schema: { type: 'string' },
        })),
        get: operation,
        ...(verbs.includes('patch') && { patch: { ...operation, parameters: patchParameters } }),
      },
    ];
  });
  return {
    openapi: '3.0.0',
    info: { title: 'minithena', version: programVersion() },
    paths: Object.fromEntries(paths),
    components: { schemas: Object.fromEntries(schemas) },
  };
}
