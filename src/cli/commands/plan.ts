import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { ParsedManifests } from '../../api/parse-manifests.js';
import { AppError, messageOf } from '../../lib/app-error.js';
import type { PlanRequest } from '../cli-client.js';
import type { CliContext } from '../cli-context.js';
import { isElsewhere } from '../follow/follow-to-end.js';
import { onlyNamespace } from '../only-namespace.js';
import { parseScaleEdit } from '../parse-scale-edit.js';
import { placedManifests } from '../placed-manifests.js';
import { formatValue, parseOutputFormat } from '../print/output-format.js';
import { stageLines } from '../print/stage-lines.js';
import { plannedObjects, supportingInForce } from '../supporting-objects.js';
import { syncFiles } from '../sync-files.js';
import { usageError } from '../usage-error.js';
import { servingName } from './scale.js';

const changesExit = 2;

interface PlanOptions {
  readonly replicas?: string;
  readonly role?: string[];
  readonly output?: string;
}

/** `plan FILE` or `plan NAME --replicas N`: the stages an edit would cause. Exit code 0: none, 2: there are changes. */
export async function plan(context: CliContext, word: string, options: PlanOptions): Promise<number> {
  const format = parseOutputFormat(options.output);
  const written = planRequest(context, word, options);
  const { request, supporting } =
    'text' in written
      ? await validated(context, written)
      : { request: written, supporting: [] as ParsedManifests['supporting'] };
  const client = await context.client();
  await syncFiles(client);
  const planned = await client.control.plan(request);
  // Elsewhere nobody knows which objects a file had before: it is asked for none where it has none.
  const isAsked = 'text' in request && (supporting.length > 0 || !isElsewhere(context));
  const objects = isAsked
    ? plannedObjects(request.file, supporting, await supportingInForce(client, namespaceIn(request)))
    : [];
  const changes = objects.length > 0 || planned.some((each) => each.stages.length > 0);
  const { output } = context;
  if (format.type !== 'table') {
    output.raw(await formatValue(format, { plans: planned, ...(objects.length > 0 && { objects }) }));
    return changes ? changesExit : 0;
  }
  for (const { object, change } of objects) output.data(`${object}: ${change}`);
  for (const each of planned) {
    const { name } = each;
    if (each.stages.length === 0) {
      output.data(`${name}: no changes`);
      continue;
    }
    output.data(output.stdout.bold(each.change ? `${name}: ${each.change}` : name));
    for (const line of stageLines(each.stages, output.stdout)) output.data(line);
  }
  if (planned.length + objects.length === 0) output.data('no changes');
  return changes ? changesExit : 0;
}

function planRequest(context: CliContext, word: string, options: PlanOptions): PlanRequest {
  const edit = parseScaleEdit(options);
  const hasEdit = edit.replicas !== undefined || edit.roleReplicas !== undefined;
  const isFile = !hasEdit && (word === '-' || existsSync(word) || /\.ya?ml$/i.test(word));
  if (!isFile) {
    if (!hasEdit) {
      throw usageError(
        `${word} is no file, and nothing to plan was said`,
        '`plan FILE`, or `plan NAME --replicas N --role ROLE=N`',
      );
    }
    return { ...edit, namespace: context.namespace, name: servingName(word) };
  }
  try {
    return {
      file: word === '-' ? '<stdin>' : resolve(word),
      text: readFileSync(word === '-' ? 0 : word, 'utf8'),
    };
  } catch (error) {
    throw new AppError('FileMissing', `${word} cannot be read: ${messageOf(error)}`);
  }
}

type FilePlan = Extract<PlanRequest, { text: string }>;

const namespaceIn = ({ namespace }: FilePlan): { namespace?: string } =>
  namespace === undefined ? {} : { namespace };

/** As it is asked for there, and what is in it beside ModelServings. Throws SpecInvalid. */
async function validated(
  context: CliContext,
  written: FilePlan,
): Promise<{ request: FilePlan; supporting: ParsedManifests['supporting'] }> {
  const { modelServings, supporting, text } = await placedManifests(context, written);
  const where = isElsewhere(context)
    ? onlyNamespace([...modelServings, ...supporting].map(({ object }) => object.metadata))
    : {};
  return { request: { file: written.file, text, ...where }, supporting };
}
