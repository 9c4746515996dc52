import type { PodSpec } from 'kubernetes-types/core/v1.js';
import { contentOf, type ReferredObjects, references } from './referred-objects.js';

/** A shorter value would blank out words that have nothing to do with it. */
const shortestHidden = 4;

/**
 * A text of the engine's without the values of the Secrets that a pod refers to: an engine's message may quote a command line or a variable.
 * Pure.
 */
export function hideSecrets(text: string, spec: PodSpec, objects: ReferredObjects): string {
  let hidden = text;
  for (const reference of references(spec)) {
    const [resource, name = ''] = reference.split('/');
    if (resource !== 'secrets') continue;
    for (const bytes of contentOf(objects, 'secret', name)?.values() ?? []) {
      const value = bytes.toString('utf8');
      // As it is, and as engines quote it.
      for (const form of [value, JSON.stringify(value).slice(1, -1)])
        if (form.length >= shortestHidden) hidden = hidden.replaceAll(form, '***');
    }
  }
  return hidden;
}
