import { annotation } from '../api/labels.js';
import type { ModelServing } from '../api/types/model-serving.js';

/** What manifests says of a file that holds a spec that does not validate. */
export function invalidSpec({ metadata }: ModelServing): { reason: string; message: string } | undefined {
  const text = metadata.annotations?.[annotation.invalidSpec];
  if (!text) return undefined;
  const space = text.indexOf(' ');
  return { reason: text.slice(0, space), message: text.slice(space + 1) };
}
