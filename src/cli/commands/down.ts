import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { SupportingObject } from '../../api/read-supporting.js';
import type { ModelServing } from '../../api/types/model-serving.js';
import type { Pod } from '../../api/types/resources.js';
import { AppError } from '../../lib/app-error.js';
import { humanDuration } from '../../lib/human-duration.js';
import { statePath } from '../../lib/state-path.js';
import type { CliClient } from '../cli-client.js';
import type { CliContext } from '../cli-context.js';
import { isElsewhere } from '../follow/follow-to-end.js';
import { onlyNamespace } from '../only-namespace.js';
import { fileAnnotation } from '../print/serving-summary.js';
import { supportingInForce, titleOf } from '../supporting-objects.js';
import { untilProcessEnds } from '../until-process-ends.js';
import { daemonInfo } from './version.js';

const lookMs = 200;

/** `down [FILE…]`: removes the objects of these files, or everything and the daemon; waits until all is gone and says what went and what stays. */
export async function down(
  context: CliContext,
  files: string[],
  options: { volumes?: boolean; timeout: number; yes?: boolean },
): Promise<number> {
  if (isElsewhere(context)) {
    const { downElsewhere } = await import('./down-elsewhere.js');
    return downElsewhere(context, files, options);
  }
  const { output } = context;
  let info = await daemonInfo(context);
  if (!info) {
    const { cluster } = context.options;
    if (!existsSync(join(statePath(cluster, context.env), 'state.json'))) {
      output.progress(`cluster ${cluster} has never been started; there is nothing to remove`);
      return 0;
    }
    output.progress('no daemon runs; starting one to remove what is left');
    const { ensureDaemon } = await import('../../daemon/ensure-daemon.js');
    await ensureDaemon({ cluster, onNotice: (text) => output.progress(text) });
    info = await (await context.client()).control.info();
  }
  const api = await context.client();
  const paths = files.map((file) => resolve(file));
  const before = await affected(api, paths);
  const answer = await api.control.down({
    ...(files.length > 0 && { files: paths }),
    ...(options.volumes && { volumes: true }),
  });
  await untilGone(context, api, before.servings, options.timeout);
  const { kept = [], removed = [] } = (answer ?? {}) as { kept?: string[]; removed?: string[] };
  const gone = new Set([...before.servings.map((each) => `modelserving/${each.metadata.name}`), ...removed]);
  for (const each of gone) output.data(`${each} removed`);
  const { length } = before.pods;
  if (length > 0) output.data(`${length} ${length === 1 ? 'pod' : 'pods'} removed`);
  for (const each of before.supporting) output.data(`${titleOf(each)} removed`);
  for (const each of kept) output.data(`${each} kept`);
  if (files.length === 0) {
    await api.control.stop();
    await untilProcessEnds(info.pid, 30_000);
    output.data(`daemon of cluster ${info.cluster} ended`);
  } else if (before.servings.length + before.supporting.length === 0)
    output.progress('nothing of these files is in force');
  return 0;
}

async function affected(
  client: CliClient,
  paths: readonly string[],
): Promise<{
  servings: readonly ModelServing[];
  pods: readonly Pod[];
  supporting: readonly SupportingObject[];
}> {
  const all = await client.list('modelservings');
  const isIn = (file: string) => paths.some((path) => file === path || file.startsWith(`${path}/`));
  const isMeant = ({ metadata }: Pick<ModelServing, 'metadata'>) =>
    paths.length === 0 || isIn(metadata.annotations?.[fileAnnotation] ?? '');
  const servings = all.filter(isMeant);
  const supporting = [...(await supportingInForce(client)).values()].filter(({ object }) => isMeant(object));
  const owners = new Set(servings.map((each) => `${each.metadata.namespace}/${each.metadata.name}`));
  const pods = (await client.list('pods')).filter((each) =>
    owners.has(`${each.metadata.namespace}/${each.metadata.labels?.['modelserving.volcano.sh/name']}`),
  );
  return { servings, pods, supporting };
}

/** Waits until these are gone, and says what it waits for. Throws TimedOut. */
export async function untilGone(
  context: CliContext,
  client: CliClient,
  servings: readonly ModelServing[],
  limitMs: number,
): Promise<void> {
  const uids = new Set(servings.map((each) => each.metadata.uid));
  if (servings.length === 0) return;
  const where = onlyNamespace(servings.map(({ metadata }) => metadata));
  const startedMs = context.now();
  let said = '';
  while (!context.signal.aborted) {
    const left = (await client.list('modelservings', where)).filter((each) => uids.has(each.metadata.uid));
    if (left.length === 0) return;
    const pods = (await client.list('pods', where)).filter((pod) =>
      left.some((each) => each.metadata.name === pod.metadata.labels?.['modelserving.volcano.sh/name']),
    );
    const text = `waiting for ${left.map((each) => each.metadata.name).join(', ')}: ${pods.length} pods left`;
    if (text !== said) context.output.progress(text);
    said = text;
    if (limitMs > 0 && context.now() - startedMs >= limitMs) {
      throw new AppError('TimedOut', `after ${humanDuration(limitMs)}: ${text}`, {
        hint: 'the removal goes on; `minithena get all` shows how far it is',
      });
    }
    await pause(lookMs);
  }
}
