import { resolve } from 'node:path';
import { annotation } from '../../api/labels.js';
import { isPullWord } from '../../api/pull-override.js';
import { AppError } from '../../lib/app-error.js';
import type { CliClient } from '../cli-client.js';
import type { CliContext } from '../cli-context.js';
import type { ServingRef } from '../follow/follow-servings.js';
import { followToEnd, isElsewhere, sayNext } from '../follow/follow-to-end.js';
import { nodeOptions, nodeText } from '../node-options.js';
import { onlyNamespace } from '../only-namespace.js';
import type { ReadManifests } from '../read-manifest-files.js';
import { appliedLines, type InForce, keyOf, supportingInForce } from '../supporting-objects.js';
import { usageError } from '../usage-error.js';
import { openTui } from './tui.js';

export interface UpOptions {
  readonly detach?: boolean;
  readonly plain?: boolean;
  readonly timeout: number;
  readonly engine?: string;
  readonly host?: string;
  readonly rules?: string;
  readonly pull?: string;
  readonly adopt?: boolean;
  readonly standIn?: boolean;
  readonly gpus?: string;
  readonly gpuSlots?: string;
  readonly capacity?: readonly string[];
  readonly yes?: boolean;
}

/**
 * `up FILE…`: checks the files, starts or joins the daemon, hands the files over and shows what happens: the terminal UI on a terminal, lines
 * elsewhere. Whatever the exit code, what runs is left running.
 */
export async function up(context: CliContext, files: string[], options: UpOptions): Promise<number> {
  const { engine, pull, rules } = options;
  if (engine !== undefined && engine !== 'docker' && engine !== 'simulated')
    throw usageError(`--engine ${engine}: docker or simulated`);
  if (rules !== undefined && rules !== 'ordinal' && rules !== 'upstream')
    throw usageError(`--rules ${rules}: ordinal or upstream`);
  if (pull !== undefined && !isPullWord(pull))
    throw usageError(`--pull ${pull}: always, missing, never or default`);
  if (isElsewhere(context)) {
    const { upElsewhere } = await import('./up-elsewhere.js');
    return upElsewhere(context, files, options);
  }
  const node = nodeOptions(options);
  const read = await checkFiles(context, files, options.standIn === true);
  const refs: ServingRef[] = read.modelServings.map(({ object: { metadata } }) => ({
    namespace: metadata.namespace,
    name: metadata.name,
  }));
  const { output } = context;
  const { ensureDaemon } = await import('../../daemon/ensure-daemon.js');
  const daemon = await ensureDaemon({
    cluster: context.options.cluster,
    ...(engine !== undefined && { engine }),
    ...(options.host !== undefined && { host: options.host }),
    ...(rules !== undefined && { rules }),
    ...(options.adopt && { adopt: true }),
    onNotice: (text) => output.progress(text),
  });
  output.progress(
    `${daemon.started ? 'started' : 'joined'} the daemon of cluster ${context.options.cluster}`,
  );
  if (engine === 'simulated') output.progress('SIMULATED ENGINE: nothing of this runs in a container');
  const client = await context.client();
  const before = await supportingInForce(client);
  await client.control.up({
    files: files.map((file) => resolve(file)),
    ...(options.standIn !== undefined && { standIn: options.standIn }),
    ...(node && { node }),
    ...(pull !== undefined && { pull }),
  });
  if (node) output.progress(`node: ${nodeText((await client.control.info()).node)}`);
  await sayObjects(context, client, read, before);
  if (refs.length === 0) {
    output.progress(`watching ${files.join(', ')}; no ModelServing is in it`);
    return 0;
  }
  if (options.detach) {
    output.progress(`watching ${files.join(', ')}`);
    sayNext(context, files, refs);
    return 0;
  }
  return showUntilAvailable(context, client, files, refs, options);
}

/** In the terminal UI on a terminal; in lines elsewhere, until all are Available. */
export async function showUntilAvailable(
  context: CliContext,
  client: CliClient,
  files: readonly string[],
  refs: readonly ServingRef[],
  { plain = false, timeout }: UpOptions,
): Promise<number> {
  const { output, env } = context;
  const onTerminal = output.stdout.isTerminal && !plain && !env.CI && env.TERM !== 'dumb';
  if (!onTerminal) return followToEnd(context, client, files, refs, timeout);
  await openTui(context, client, {}, onlyNamespace(refs));
  return 0;
}

/** Every problem of every file at once; warnings are said and do no harm. Throws SpecInvalid. */
export async function checkFiles(
  { output }: CliContext,
  files: readonly string[],
  standIn: boolean,
): Promise<ReadManifests> {
  const { readManifestFiles } = await import('../read-manifest-files.js');
  const { formatDiagnostic } = await import('../../api/format-diagnostic.js');
  const { leftToTheDaemon } = await import('../../api/read-model-serving.js');
  const read = readManifestFiles(files, leftToTheDaemon);
  const { diagnostics, modelServings } = read;
  const errors = diagnostics.filter((each) => each.severity === 'error');
  if (errors.length > 0) {
    const missing = errors.every((each) => each.code === 'FileMissing');
    const message = missing
      ? 'a file cannot be read'
      : `${errors.length === 1 ? 'one problem' : `${errors.length} problems`} in the files; nothing was changed`;
    throw new AppError(missing ? 'FileMissing' : 'SpecInvalid', message, { details: { diagnostics } });
  }
  for (const each of diagnostics) output.progress(formatDiagnostic(each));
  const laid = modelServings.filter(
    ({ object }) => standIn || object.metadata.annotations?.[annotation.standIn] === 'true',
  );
  if (laid.length > 0) {
    const { overlayStandIn } = await import('../../api/overlay-stand-in.js');
    for (const { object } of laid)
      for (const { role, container, image } of overlayStandIn(object.spec.template.roles).replacements)
        output.progress(`stand-in: ${object.metadata.name}/${role} ${container} instead of ${image}`);
  }
  return read;
}

/** What became of the ConfigMaps, Secrets and claims of the files, and what the pods will wait for since no file has it. */
async function sayObjects(
  { output }: CliContext,
  client: CliClient,
  { supporting, references }: ReadManifests,
  before: InForce,
): Promise<void> {
  const after = await supportingInForce(client);
  const wanted = supporting.map(({ resource, object }) => keyOf(resource, object.metadata));
  for (const line of appliedLines(wanted, before, after)) output.progress(line);
  const { formatDiagnostic } = await import('../../api/format-diagnostic.js');
  const { keysOf, missingReferences } = await import('../../api/missing-references.js');
  const missing = missingReferences(references, (ref) => {
    const found = after.get(keyOf(ref.resource, ref));
    return found && keysOf(found.object);
  });
  for (const each of missing) output.progress(formatDiagnostic(each));
}
