import type { ModelServing } from '../api/types/model-serving.js';

/** Set by manifests while the file holds a spec that does not validate: "<code> <file>:<line>:<column> <message>". */
export const invalidSpecAnnotation = 'minithena.dev/invalid-spec';

export function invalidSpec({ metadata }: ModelServing): { reason: string; message: string } | undefined {
  const text = metadata.annotations?.[invalidSpecAnnotation];
  if (!text) return undefined;
  const space = text.indexOf(' ');
  return { reason: text.slice(0, space), message: text.slice(space + 1) };
}
