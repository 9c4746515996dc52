import { isAppError } from '../../lib/app-error.js';
import { agrees } from '../agrees.js';
import type { CliContext } from '../cli-context.js';
import { commandLine } from '../command-line.js';
import { readManifestFiles } from '../read-manifest-files.js';
import { titleOf } from '../supporting-objects.js';
import { usageError } from '../usage-error.js';
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
  const { output, namespace: _namespace } = context;
  const client = await context.client();
  const { modelServings, supporting } = readManifestFiles(files);
  const wanted = [
    ...modelServings.map(({ object: { metadata } }) => ({
      resource: 'modelservings' as const,
      metadata,
      title: `modelserving/${metadata.name}`,
    })),
    // A claim may hold what nobody can make again.
    ...supporting
      .filter(({ resource }) => options.volumes || resource !== 'persistentvolumeclaims')
      .map((each) => ({ resource: each.resource, metadata: each.object.metadata, title: titleOf(each) })),
  ];
  const titles = wanted.map(({ title }) => title).join(', ');
  if (output.stdout.isTerminal && !options.yes && !(await agrees(`Delete ${titles}? [y/N] `, false))) {
    output.progress('nothing was changed');
    return 1;
  }
  const servings = (await client.list('modelservings')).filter(({ metadata }) =>
    modelServings.some(
      ({ object }) =>
        object.metadata.name === metadata.name && object.metadata.namespace === metadata.namespace,
    ),
  );
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
