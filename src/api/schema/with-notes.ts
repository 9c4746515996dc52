import type { Field } from './shape.js';

/** The shape with what is said of its fields, by their paths (`spec.containers[].image`), without the links of the documentation. Pure. */
export function withNotes<F extends Field>(shape: F, notes: Readonly<Record<string, string>>, path = ''): F {
  const note = notes[path];
  const described =
    note === undefined ? shape : { ...shape, description: note.replace(/\[([^\]]+)\]\([^)]*\)/g, '$1') };
  if (described.kind === 'list') return { ...described, of: withNotes(described.of, notes, `${path}[]`) };
  if (described.kind !== 'object') return described;
  const fields = Object.entries(described.fields).map(([name, field]) => [
    name,
    withNotes(field, notes, path === '' ? name : `${path}.${name}`),
  ]);
  return { ...described, fields: Object.fromEntries(fields) };
}
