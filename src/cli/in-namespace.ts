import { locatedDocuments } from '../lib/yaml/located-documents.js';
import { toYaml } from '../lib/yaml/to-yaml.js';
import type { CliContext } from './cli-context.js';
import { isElsewhere } from './follow/follow-to-end.js';

/** The documents of a text as another cluster takes them: those without a namespace in that of the context. Here the text itself. */
export function inNamespace(context: CliContext, text: string): string {
  if (!isElsewhere(context)) return text;
  const placed = locatedDocuments(text).map(({ value }) => {
    const { metadata, ...rest } = (value ?? {}) as { metadata?: object };
    return toYaml({ ...rest, metadata: { namespace: context.namespace, ...metadata } });
  });
  return placed.join('---\n');
}
