import { kinds } from '../../api/kinds.js';
import type { ModelServing } from '../../api/types/model-serving.js';
import { isAppError } from '../../lib/app-error.js';
import { agrees } from '../agrees.js';
import type { CliContext } from '../cli-context.js';
import { commandLine } from '../command-line.js';
import { readManifestFiles } from '../read-manifest-files.js';
import { usageError } from '../usage-error.js';
import { writtenObjects } from '../written-objects.js';
import { untilGone } from './down.js';

/** `down FILE… --context NAME`: deletes what the files name in another cluster, and waits until the servings are gone. Throws Usage without a file. */
export async function downElsewhere(
  context: CliContext,
  files: readonly string[],
  options: { timeout: number; yes?: boolean; volumes?: boolean },
): Promise<number> {
  if (files.length === 0)
    throw usageError(
      'say what to remove from that cluster',
      `e.g. \`${commandLine(context, 'down serving.yaml')}\`: in another cluster, only what files name is removed`,
    );
  const { output } = context;
  const client = await context.client();
  const wanted = writtenObjects(readManifestFiles(files), context.namespace).flatMap(({ kind, metadata }) => {
    const resource = kinds.find((each) => each.kind === kind)?.resource;
    // A claim may hold what nobody can make again.
    const isLeft = resource === 'persistentvolumeclaims' && !options.volumes;
    return resource && !isLeft
      ? [{ resource, metadata, title: `${kind.toLowerCase()}/${metadata.name}` }]
      : [];
  });
  const titles = wanted.map(({ title }) => title).join(', ');
  if (output.stdout.isTerminal && !options.yes && !(await agrees(`Delete ${titles}? [y/N] `, false))) {
    output.progress('nothing was changed');
    return 1;
  }
  const servings: ModelServing[] = [];
  for (const { resource, metadata } of wanted) {
    if (resource !== 'modelservings') continue;
    const found = await client.get(resource, metadata.namespace, metadata.name).catch(unlessMissing);
    if (found) servings.push(found);
  }
  const removed: string[] = [];
  for (const { resource, metadata, title } of wanted) {
    try {
      await client.remove(resource, metadata.namespace, metadata.name);
      removed.push(title);
    } catch (error) {
      if (!isAppError(error, 'NotFound')) throw error;
      output.progress(`${title} is not there`);
    }
  }
  await untilGone(context, client, servings, options.timeout);
  for (const title of removed) output.data(`${title} removed`);
  return 0;
}

function unlessMissing(error: unknown): undefined {
  if (!isAppError(error, 'NotFound')) throw error;
}
