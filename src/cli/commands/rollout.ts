import { annotation } from '../../api/labels.js';
import type { ModelServing, RoleSpec } from '../../api/types/model-serving.js';
import { AppError } from '../../lib/app-error.js';
import { humanDuration } from '../../lib/human-duration.js';
import { stableJson } from '../../lib/stable-json.js';
import { table } from '../../lib/table.js';
import { toYaml } from '../../lib/yaml/to-yaml.js';
import type { CliContext } from '../cli-context.js';
import { commandLine } from '../command-line.js';
import { editServing } from '../edit-serving.js';
import { formatValue, parseOutputFormat } from '../print/output-format.js';
import { textDiff } from '../print/text-diff.js';
import { revisionNamed, revisionsOf, type StoredTemplate } from '../revisions-of.js';
import { syncFiles } from '../sync-files.js';
import { servingName } from './scale.js';

const restartedAt = 'kubectl.kubernetes.io/restartedAt';
const changesExit = 2;

/** `rollout history NAME`: the stored templates and who has them, or one of them whole. */
export async function history(
  context: CliContext,
  word: string,
  options: { revision?: string; output?: string },
): Promise<number> {
  const format = parseOutputFormat(options.output);
  const { serving, all } = await stored(context, word);
  const { output } = context;
  const chosen = options.revision === undefined ? undefined : revisionNamed(all, options.revision);
  if (format.type !== 'table') {
    const items = (chosen ? [chosen] : all).map(({ object, ...each }) => ({
      ...each,
      roles: object.data.roles,
    }));
    output.raw(await formatValue(format, chosen ? items[0] : { items }));
    return 0;
  }
  if (chosen) {
    output.data(`modelserving/${serving.metadata.name} revision ${chosen.number} (${chosen.hash})`);
    output.raw(toYaml({ roles: chosen.object.data.roles }));
    return 0;
  }
  const rows = all.map((each) => [
    String(each.number),
    each.hash,
    humanDuration(context.now() - Date.parse(each.object.metadata.creationTimestamp ?? '')),
    each.groups.map((ordinal) => `G-${ordinal}`).join(',') || '<none>',
    imagesOf(each).join(','),
  ]);
  for (const line of table([['REVISION', 'HASH', 'AGE', 'GROUPS', 'IMAGES'], ...rows])) output.data(line);
  return 0;
}

const imagesOf = ({ object }: StoredTemplate): string[] => [
  ...new Set(
    object.data.roles.flatMap((role) =>
      [role.entryTemplate, role.workerTemplate].flatMap((template) =>
        (template?.spec?.containers ?? []).map(({ image }) => image ?? ''),
      ),
    ),
  ),
];

/** `rollout diff NAME`: how one stored template differs from another; without more, the newest from the one before. Exit code 2 when it does. */
export async function diffRevisions(
  context: CliContext,
  word: string,
  options: { revision?: string; to?: string },
): Promise<number> {
  const { all } = await stored(context, word);
  const newest = all.find((each) => each.isCurrent) ?? all.at(-1);
  const to = options.to === undefined ? newest : revisionNamed(all, options.to);
  const from = options.revision === undefined ? previous(all, to) : revisionNamed(all, options.revision);
  if (!from || !to) {
    context.output.progress('there is only one revision: nothing to compare it with');
    return 0;
  }
  const named = (of: StoredTemplate) => ({
    name: `revision ${of.number} (${of.hash})`,
    text: toYaml({ roles: of.object.data.roles.map(withoutCounts) }),
  });
  const lines = textDiff(context.output.stdout, named(from), named(to));
  for (const line of lines) context.output.data(line);
  return lines.length > 0 ? changesExit : 0;
}

const previous = (
  all: readonly StoredTemplate[],
  of: StoredTemplate | undefined,
): StoredTemplate | undefined => all.filter((each) => each.number < (of?.number ?? 0)).at(-1);

/** What may differ without a roll-out. */
function withoutCounts(role: RoleSpec): Partial<RoleSpec> {
  const { replicas: _replicas, maxUnavailable: _most, partition: _partition, ...rest } = role;
  return rest;
}

/** `rollout undo NAME [--to-revision N]`: writes an older template into the file; counts and limits stay as they are. */
export async function undo(
  context: CliContext,
  word: string,
  options: { toRevision?: string },
): Promise<number> {
  const { serving, all } = await stored(context, word);
  const { name } = serving.metadata;
  const current = all.find((each) => each.isCurrent);
  const to =
    options.toRevision === undefined ? previous(all, current) : revisionNamed(all, options.toRevision);
  if (!to)
    throw new AppError('NotFound', `${name} has no earlier revision`, {
      hint: commandLine(context, `rollout history ${name}`),
    });
  const { roles, written = roles } = to.object.data;
  const isSame =
    stableJson(written.map(withoutCounts)) === stableJson(serving.spec.template.roles.map(withoutCounts));
  if (isSame) {
    const byStandIn = current !== undefined && current.hash !== to.hash;
    context.output.data(`modelserving/${name} unchanged`);
    context.output.progress(
      byStandIn
        ? `revision ${to.number} differs by the stand-in alone: \`minithena up --stand-in\` or \`--no-stand-in\` changes that`
        : `its template is that of revision ${to.number} already`,
    );
    return 0;
  }
  const done = await editServing(context, name, (before) => ({
    ...before,
    spec: {
      ...before.spec,
      template: { ...before.spec.template, roles: written.map((role) => keepCounts(before, role)) },
    },
  }));
  context.output.data(`modelserving/${name} rolled back`);
  begun(context, done, `the template of revision ${to.number} (${to.hash})`);
  return 0;
}

function keepCounts(before: ModelServing, role: RoleSpec): RoleSpec {
  const now = before.spec.template.roles.find((each) => each.name === role.name);
  if (!now) return role;
  const { replicas, maxUnavailable, partition } = now;
  return {
    ...(withoutCounts(role) as RoleSpec),
    replicas,
    ...(maxUnavailable !== undefined && { maxUnavailable }),
    ...(partition !== undefined && { partition }),
  };
}

/** `rollout restart NAME`: kubectl's annotation in every pod template, so that all is made anew as a roll-out. */
export async function restart(context: CliContext, word: string): Promise<number> {
  const name = servingName(word);
  const client = await context.client();
  await syncFiles(client);
  const at = new Date(context.now()).toISOString().replace(/\.\d+Z$/, 'Z');
  const done = await editServing(context, name, (before) => ({
    ...before,
    spec: {
      ...before.spec,
      template: {
        ...before.spec.template,
        roles: before.spec.template.roles.map((role) => stamped(role, at)),
      },
    },
  }));
  context.output.data(`modelserving/${name} restarted`);
  begun(context, done, `${restartedAt}: ${at}`);
  return 0;
}

const stamped = (role: RoleSpec, at: string): RoleSpec => {
  const stamp = (template: RoleSpec['entryTemplate']): RoleSpec['entryTemplate'] => ({
    ...template,
    metadata: { ...template.metadata, annotations: { ...template.metadata?.annotations, [restartedAt]: at } },
  });
  return {
    ...role,
    entryTemplate: stamp(role.entryTemplate),
    ...(role.workerTemplate && { workerTemplate: stamp(role.workerTemplate) }),
  };
};

/** `rollout pause NAME`: the annotation in the file; groups keep their template until `resume`. */
export const pause = (context: CliContext, word: string): Promise<number> => setPaused(context, word, true);
export const resume = (context: CliContext, word: string): Promise<number> => setPaused(context, word, false);

const isPaused = ({ metadata }: ModelServing): boolean =>
  metadata.annotations?.[annotation.paused] === 'true';

async function setPaused(context: CliContext, word: string, wanted: boolean): Promise<number> {
  const name = servingName(word);
  const client = await context.client();
  if (client.isOtherCluster)
    throw new AppError('MethodNotAllowed', 'kthena has no pause: this would stop nothing in that cluster', {
      hint: 'hold groups back with rollingUpdateConfiguration.partition',
    });
  await syncFiles(client);
  const before = await client.get('modelservings', context.namespace, name);
  const { output } = context;
  if (isPaused(before) === wanted) {
    output.data(`modelserving/${name} ${wanted ? 'is paused already' : 'is not paused'}`);
    return 0;
  }
  const annotations = { [annotation.paused]: wanted ? 'true' : null };
  await client.patch('modelservings', context.namespace, name, { metadata: { annotations } });
  output.data(`modelserving/${name} ${wanted ? 'paused' : 'resumed'}`);
  if (wanted)
    output.progress(
      `counts still change; the template waits for: ${commandLine(context, `rollout resume ${name}`)}`,
    );
  return 0;
}

async function stored(context: CliContext, word: string) {
  const client = await context.client();
  await syncFiles(client);
  const serving = await client.get('modelservings', context.namespace, servingName(word));
  return { serving, all: await revisionsOf(client, serving) };
}

function begun(
  context: CliContext,
  { serving, file }: { serving: ModelServing; file: string | undefined },
  what: string,
): void {
  const { name } = serving.metadata;
  const { output } = context;
  output.progress(`${what}${file ? ` in ${file}` : ''}`);
  if (isPaused(serving))
    output.progress(
      `the roll-out is paused; it begins with: ${commandLine(context, `rollout resume ${name}`)}`,
    );
  else output.progress(`follow it with: ${commandLine(context, `rollout status ${name}`)}`);
}
