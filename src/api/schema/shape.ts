/** What may stand at a place of a document. Small on purpose: what Kubernetes checks before it stores an object. */
export type Shape =
  | { kind: 'string' | 'integer' | 'number' | 'boolean' | 'intOrString' | 'quantity' | 'any' }
  | { kind: 'map'; of: Shape }
  | { kind: 'list'; of: Shape; by?: string }
  | { kind: 'object'; fields: Readonly<Record<string, Field>> };

export type Field = Shape & {
  readonly required?: boolean;
  readonly oneOf?: readonly string[];
  readonly min?: number;
  readonly max?: number;
  /** Kubernetes knows it and nothing here acts on it: accepted, and said. */
  readonly ignored?: string;
  /** For people, by `kubectl explain`. */
  readonly description?: string;
};

export const string: Shape = { kind: 'string' };
export const integer: Shape = { kind: 'integer' };
export const boolean: Shape = { kind: 'boolean' };
export const intOrString: Shape = { kind: 'intOrString' };
export const quantity: Shape = { kind: 'quantity' };
export const any: Shape = { kind: 'any' };
export const map = (of: Shape): Shape => ({ kind: 'map', of });
/** `by` is the field that names an item and must be unique in the list. */
export const list = (of: Shape, by?: string): Shape => ({
  kind: 'list',
  of,
  ...(by !== undefined && { by }),
});
export const object = (fields: Readonly<Record<string, Field>>): Shape => ({ kind: 'object', fields });
export const required = (shape: Shape): Field => ({ ...shape, required: true });
export const ignored = (why: string, shape: Shape = any): Field => ({ ...shape, ignored: why });
export const told = (description: string, shape: Field): Field => ({ ...shape, description });
export const oneOf = (...values: string[]): Field => ({ kind: 'string', oneOf: values });
export const between = (min: number, max: number = Number.MAX_SAFE_INTEGER): Field => ({
  kind: 'integer',
  min,
  max,
});
