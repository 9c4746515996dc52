import type { CliContext } from '../cli-context.js';
import { parseTargets } from '../parse-targets.js';
import { qualifiedName } from '../print/table-rows.js';
import { syncFiles } from '../sync-files.js';
import { usageError } from '../usage-error.js';

/** `annotate TYPE/NAME key=value key-`: of a Pod, kept by the daemon; of a ModelServing, an edit of its file. */
export async function annotate(
  context: CliContext,
  words: string[],
  options: { overwrite?: boolean } = {},
): Promise<number> {
  const isEdit = (word: string) => word.includes('=') || word.endsWith('-');
  const edits = words.filter(isEdit);
  const targets = parseTargets(words.filter((word) => !isEdit(word)));
  if (edits.length === 0 || targets.length === 0)
    throw usageError(
      'say what to annotate, and with what',
      'e.g. `minithena annotate pod/NAME controller.kubernetes.io/pod-deletion-cost=-10`; `KEY-` takes one away',
    );
  const annotations = Object.fromEntries(
    edits.map((word) => {
      const at = word.indexOf('=');
      return at < 0 ? [word.slice(0, -1), null] : [word.slice(0, at), word.slice(at + 1)];
    }),
  );
  const client = await context.client();
  await syncFiles(client);
  for (const { kind, names } of targets) {
    if (kind.resource !== 'pods' && kind.resource !== 'modelservings')
      throw usageError(`${kind.singular} cannot be annotated`, 'pods and modelservings can');
    for (const name of names) {
      const before = await client.get(kind.resource, context.namespace, name);
      if (!options.overwrite) refuseOthers(before.metadata, annotations);
      const done = await client.patch(kind.resource, context.namespace, name, { metadata: { annotations } });
      context.output.data(`${qualifiedName(kind.resource, done)} annotated`);
    }
  }
  return 0;
}

/** As kubectl does: what has another value already is not replaced by mistake. */
function refuseOthers(
  { name, annotations = {} }: { name: string; annotations?: Readonly<Record<string, string>> },
  wanted: Readonly<Record<string, string | null | undefined>>,
): void {
  for (const [key, value] of Object.entries(wanted)) {
    const before = annotations[key];
    if (value === null || before === undefined || before === value) continue;
    throw usageError(`${name} has ${key}=${before} already`, 'replace it with --overwrite');
  }
}
