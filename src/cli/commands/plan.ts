import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { ParsedManifests } from '../../api/parse-manifests.js';
import { AppError, messageOf } from '../../lib/app-error.js';
import type { PlanRequest } from '../cli-client.js';
import type { CliContext } from '../cli-context.js';
import { parseScaleEdit } from '../parse-scale-edit.js';
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
  const request = planRequest(context, word, options);
  const supporting = 'text' in request ? await validate(request.file, request.text) : [];
  const client = await context.client();
  await syncFiles(client);
  const planned = await client.control.plan(request);
  const objects =
    'text' in request ? plannedObjects(request.file, supporting, await supportingInForce(client)) : [];
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

async function validate(file: string, text: string): Promise<ParsedManifests['supporting']> {
  const { parseManifests } = await import('../../api/parse-manifests.js');
  const { leftToTheDaemon } = await import('../../api/read-model-serving.js');
  const { diagnostics, supporting } = parseManifests(file, text, leftToTheDaemon);
  const errors = diagnostics.filter((each) => each.severity === 'error');
  if (errors.length > 0) {
    throw new AppError('SpecInvalid', `${file} does not validate`, { details: { diagnostics } });
  }
  return supporting;
}
