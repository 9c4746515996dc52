import type { Field, Shape } from './shape.js';

/** A schema as OpenAPI v3 and CustomResourceDefinitions have it. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** The same shape that manifests are checked against, in the words of Kubernetes' OpenAPI documents. */
export function toJsonSchema(shape: Field): JsonSchema {
  const { ignored, oneOf, min, max, description } = shape;
  return {
    ...bare(shape),
    ...(oneOf && { enum: oneOf }),
    ...(min !== undefined && { minimum: min }),
    ...(max !== undefined && max !== Number.MAX_SAFE_INTEGER && { maximum: max }),
    ...(ignored !== undefined && { description: `Accepted and not acted on here: ${ignored}.` }),
    ...(description !== undefined && { description }),
  };
}

function bare(shape: Shape): JsonSchema {
  switch (shape.kind) {
    case 'string':
    case 'number':
    case 'boolean':
      return { type: shape.kind };
    case 'integer':
      return { type: 'integer', format: 'int64' };
    case 'intOrString':
      return { 'x-kubernetes-int-or-string': true, anyOf: [{ type: 'integer' }, { type: 'string' }] };
    case 'quantity':
      return { 'x-kubernetes-int-or-string': true, anyOf: [{ type: 'number' }, { type: 'string' }] };
    case 'any':
      return { 'x-kubernetes-preserve-unknown-fields': true };
    case 'map':
      return { type: 'object', additionalProperties: toJsonSchema(shape.of) };
    case 'list':
      return {
        type: 'array',
        items: toJsonSchema(shape.of),
        ...(shape.by !== undefined && {
          'x-kubernetes-list-type': 'map',
          'x-kubernetes-list-map-keys': [shape.by],
        }),
      };
    case 'object': {
      const fields = Object.entries(shape.fields);
      const needed = fields.filter(([, field]) => field.required).map(([name]) => name);
      return {
        type: 'object',
        properties: Object.fromEntries(fields.map(([name, field]) => [name, toJsonSchema(field)])),
        ...(needed.length > 0 && { required: needed }),
      };
    }
  }
}
