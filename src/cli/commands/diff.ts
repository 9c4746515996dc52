import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { ModelServing } from '../../api/types/model-serving.js';
import { AppError, isAppError, messageOf } from '../../lib/app-error.js';
import { toYaml } from '../../lib/yaml/to-yaml.js';
import type { CliClient } from '../cli-client.js';
import type { CliContext } from '../cli-context.js';
import { placedManifests } from '../placed-manifests.js';
import { formatValue, parseOutputFormat } from '../print/output-format.js';
import { textDiff } from '../print/text-diff.js';
import { syncFiles } from '../sync-files.js';

const changesExit = 2;

/** `diff FILE`: how the specs of a file, perhaps one that is not watched, differ from those in force. Exit code 2 when they do. */
export async function diff(context: CliContext, word: string, options: { output?: string }): Promise<number> {
  const format = parseOutputFormat(options.output);
  const wanted = await servingsIn(context, word);
  const client = await context.client();
  await syncFiles(client);
  const found: { name: string; lines: string[] }[] = [];
  for (const serving of wanted) {
    const { namespace, name } = serving.metadata;
    const before = await inForce(client, namespace, name);
    const lines = textDiff(
      context.output.stdout,
      { name: `${name} in force`, text: before ? specText(before) : '' },
      { name: word, text: specText(serving) },
    );
    found.push({ name: `${namespace}/${name}`, lines });
  }
  const isChanged = found.some(({ lines }) => lines.length > 0);
  if (format.type !== 'table') context.output.raw(await formatValue(format, { items: found }));
  else for (const { lines } of found) for (const line of lines) context.output.data(line);
  if (!isChanged) context.output.progress('no differences');
  return isChanged ? changesExit : 0;
}

const specText = ({ spec }: ModelServing): string => toYaml({ spec });

async function inForce(
  client: CliClient,
  namespace: string,
  name: string,
): Promise<ModelServing | undefined> {
  try {
    return await client.get('modelservings', namespace, name);
  } catch (error) {
    if (isAppError(error, 'NotFound')) return undefined;
    throw error;
  }
}

async function servingsIn(context: CliContext, word: string): Promise<ModelServing[]> {
  let text: string;
  try {
    text = readFileSync(word === '-' ? 0 : word, 'utf8');
  } catch (error) {
    throw new AppError('FileMissing', `${word} cannot be read: ${messageOf(error)}`);
  }
  const file = word === '-' ? '<stdin>' : resolve(word);
  const { modelServings } = await placedManifests(context, { file, text, name: word });
  return modelServings.map(({ object }) => object);
}
