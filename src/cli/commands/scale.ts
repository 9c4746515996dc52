import type { CliContext } from '../cli-context.js';
import { commandLine } from '../command-line.js';
import { parseScaleEdit } from '../parse-scale-edit.js';
import { parseTargets } from '../parse-targets.js';
import { fileAnnotation } from '../print/serving-summary.js';
import { qualifiedName } from '../print/table-rows.js';
import { syncFiles } from '../sync-files.js';
import { usageError } from '../usage-error.js';

/** `scale NAME --replicas N --role decode=3`: writes the counts into the YAML file and says what that began. */
export async function scale(
  context: CliContext,
  word: string,
  options: { replicas?: string; role?: string[] },
): Promise<number> {
  const edit = parseScaleEdit(options);
  if (edit.replicas === undefined && edit.roleReplicas === undefined)
    throw usageError('say what to scale', 'e.g. `minithena scale NAME --replicas 3`, or `--role decode=3`');
  const name = servingName(word);
  const client = await context.client();
  await syncFiles(client);
  const before = await client.get('modelservings', context.namespace, name);
  const after = await client.scale(context.namespace, name, edit);
  const file = after.metadata.annotations?.[fileAnnotation];
  const { output } = context;
  const counts = (serving: typeof before) => [
    ['replicas', serving.spec.replicas] as const,
    ...serving.spec.template.roles.map((role) => [role.name, role.replicas] as const),
  ];
  const now = new Map(counts(after));
  const changes = counts(before).flatMap(([what, was]) =>
    now.get(what) === was ? [] : [`${what} ${was} → ${now.get(what)}`],
  );
  const subject = qualifiedName('modelservings', after);
  if (changes.length === 0) {
    output.data(`${subject} unchanged`);
    return 0;
  }
  output.data(`${subject} scaled`);
  output.progress(`${changes.join(', ')}${file ? ` in ${file}` : ''}`);
  output.progress(
    `scaling operation ${name}-${after.metadata.generation}; follow it with: ${commandLine(context, 'get operations -w')}`,
  );
  return 0;
}

/** `NAME`, `ms/NAME`. Throws Usage for another kind. */
export function servingName(word: string): string {
  if (!word.includes('/')) return word;
  const [target] = parseTargets([word]);
  if (target?.kind.resource !== 'modelservings') throw usageError(`${word} is not a ModelServing`);
  return target.names[0] ?? word;
}
