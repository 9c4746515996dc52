import { kinds } from '../../api/kinds.js';
import type { AnyResource } from '../../api/types/resources.js';
import type { AppliedObject } from '../../client/api-client.js';
import { isAppError } from '../../lib/app-error.js';
import { toYaml } from '../../lib/yaml/to-yaml.js';
import { agrees } from '../agrees.js';
import type { CliClient } from '../cli-client.js';
import type { CliContext } from '../cli-context.js';
import { sayNext } from '../follow/follow-to-end.js';
import { onlyNamespace } from '../only-namespace.js';
import { textDiff } from '../print/text-diff.js';
import { usageError } from '../usage-error.js';
import { writtenObjects } from '../written-objects.js';
import { checkFiles, showUntilAvailable, type UpOptions } from './up.js';

/** What only a daemon on this machine can be asked for. */
const ofDaemon = [
  'engine',
  'host',
  'rules',
  'pull',
  'adopt',
  'standIn',
  'gpus',
  'gpuSlots',
  'capacity',
] as const satisfies readonly (keyof UpOptions)[];

/** One object of the files: as it stands there, as it is in the cluster, and as the cluster says it would be. */
interface Wanted {
  readonly title: string;
  readonly written: AppliedObject;
  readonly before: AnyResource | undefined;
  readonly after: AnyResource;
}

/**
 * `up FILE… --context NAME`: shows what the files would change in another cluster, asks on a terminal, applies it there with a server-side
 * apply, and shows what happens. Nothing is applied when the cluster refuses any of it. Throws Usage for options of the daemon.
 */
export async function upElsewhere(
  context: CliContext,
  files: readonly string[],
  options: UpOptions,
): Promise<number> {
  const given = ofDaemon.find((each) => options[each] !== undefined);
  if (given)
    throw usageError(
      `--${given.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)} belongs to the daemon of this machine`,
      'leave it out with --context and --kubeconfig',
    );
  const read = await checkFiles(context, files, false);
  const client = await context.client();
  const { output } = context;
  const wanted: Wanted[] = [];
  for (const each of writtenObjects(read, context.namespace)) wanted.push(await judged(client, each));
  const lines = wanted.flatMap((each) => differences(context, each));
  for (const line of lines) output.data(line);
  if (lines.length === 0) output.progress('the cluster has it as the files say already');
  else if (output.stdout.isTerminal && !options.yes && !(await agrees('Apply this? [y/N] ', false))) {
    output.progress('nothing was changed');
    return 1;
  }
  const refs = wanted.flatMap(({ written: { kind, metadata } }) =>
    kind === 'ModelServing' ? [{ namespace: metadata.namespace, name: metadata.name }] : [],
  );
  // What is there now must be known, so that the first stage is that from before.
  if (refs.length > 0 && !options.detach) await client.list('servinggroups', onlyNamespace(refs));
  for (const { written, title, before } of wanted) {
    const { resourceVersion } = (await client.apply(written)).metadata;
    const isSame = before?.metadata.resourceVersion === resourceVersion;
    output.progress(`${title} ${before ? (isSame ? 'unchanged' : 'configured') : 'created'}`);
  }
  if (refs.length === 0) return 0;
  if (!options.detach) return showUntilAvailable(context, client, files, refs, options);
  sayNext(context, files, refs);
  return 0;
}

async function judged(client: CliClient, written: AppliedObject): Promise<Wanted> {
  const { kind, metadata } = written;
  const resource = kinds.find((each) => each.kind === kind)?.resource;
  if (!resource) throw usageError(`${kind} is not applied to another cluster`);
  const before = await client
    .get(resource, metadata.namespace, metadata.name)
    .catch((error: unknown): undefined => {
      if (!isAppError(error, 'NotFound')) throw error;
    });
  const after = await client.apply(written, { dryRun: true });
  return { title: `${kind.toLowerCase()}/${metadata.name}`, written, before, after };
}

function differences({ output }: CliContext, { title, before, after }: Wanted): string[] {
  return textDiff(
    output.stdout,
    { name: `${title} in the cluster`, text: before ? textOf(before) : '' },
    { name: `${title} in the file`, text: textOf(after) },
  );
}

/** What a person writes of an object; of a Secret no value. */
function textOf(object: AnyResource): string {
  const {
    apiVersion: _v,
    kind,
    metadata,
    status: _s,
    ...rest
  } = object as AnyResource & { status?: unknown };
  const { labels, annotations = {} } = metadata;
  const own = Object.entries(annotations).filter(([key]) => !key.includes('minithena.dev/file'));
  const keys = (data: object = {}) =>
    Object.fromEntries(Object.keys(data).map((key) => [key, '(not shown)']));
  const data = kind === 'Secret' ? { data: keys((object as { data?: object }).data) } : {};
  return toYaml({
    ...((labels || own.length > 0) && {
      metadata: {
        ...(labels && { labels }),
        ...(own.length > 0 && { annotations: Object.fromEntries(own) }),
      },
    }),
    ...rest,
    ...data,
  });
}
