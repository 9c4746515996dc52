import type { ModelServing } from '../api/types/model-serving.js';
import { isAppError } from '../lib/app-error.js';
import type { CliContext } from './cli-context.js';
import { fileAnnotation } from './print/serving-summary.js';

/** A write of its status may come in between; more often than this it is a person. */
const tries = 10;

/** Reads a ModelServing, changes it and writes it back, which edits its file. Throws what the client throws. */
export async function editServing(
  context: CliContext,
  name: string,
  change: (serving: ModelServing) => ModelServing,
): Promise<{ serving: ModelServing; file: string | undefined }> {
  const client = await context.client();
  for (let left = tries; ; left--) {
    const before = await client.get('modelservings', context.namespace, name);
    try {
      const serving = await client.replace('modelservings', change(structuredClone(before)));
      return { serving, file: serving.metadata.annotations?.[fileAnnotation] };
    } catch (error) {
      if (!isAppError(error, 'Conflict') || left === 0) throw error;
    }
  }
}
