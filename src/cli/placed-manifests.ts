import type { ParsedManifests } from '../api/parse-manifests.js';
import { AppError } from '../lib/app-error.js';
import type { CliContext } from './cli-context.js';
import { inNamespace } from './in-namespace.js';

/**
 * What a text holds as the cluster that is meant takes it, and the text that says so. `name` is what messages call it. Throws SpecInvalid; what
 * depends on what is in force is left to the daemon.
 */
export async function placedManifests(
  context: CliContext,
  { file, text, name = file }: { file: string; text: string; name?: string },
): Promise<ParsedManifests & { text: string }> {
  const [{ parseManifests }, { leftToTheDaemon }] = await Promise.all([
    import('../api/parse-manifests.js'),
    import('../api/read-model-serving.js'),
  ]);
  // As it is written, for the places in it.
  const written = parseManifests(file, text, leftToTheDaemon);
  const { diagnostics } = written;
  if (diagnostics.some((each) => each.severity === 'error'))
    throw new AppError('SpecInvalid', `${name} does not validate`, { details: { diagnostics } });
  const placed = inNamespace(context, text);
  return { ...(placed === text ? written : parseManifests(file, placed, leftToTheDaemon)), text: placed };
}
