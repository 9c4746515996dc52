import { label } from '../../api/labels.js';
import { timeOfEvent } from '../../api/time-of-event.js';
import type { ScalingOperation } from '../../api/types/resources.js';
import type { CliClient } from '../cli-client.js';
import type { CliContext } from '../cli-context.js';
import { findObjects } from '../find-objects.js';
import { parseTargets } from '../parse-targets.js';
import { describeObject, type Surroundings } from '../print/describe-object.js';
import type { Found } from '../print/output-format.js';
import { kindOf } from '../resource-kinds.js';
import { syncFiles } from '../sync-files.js';
import { nothingFound, reportMissing } from './get.js';

/** `describe TYPE [NAME…]`: everything known of an object, what it waits for and its events. */
export async function describe(
  context: CliContext,
  type: string,
  names: string[],
  options: { selector?: string },
): Promise<number> {
  const targets = parseTargets([type, ...names]);
  const client = await context.client();
  await syncFiles(client);
  const search = { namespace: context.namespace, labelSelector: options.selector };
  const { found, missing } = await findObjects(client, targets, search);
  const { output } = context;
  for (const [at, each] of found.entries()) {
    if (at > 0) output.data('\n');
    const around = await surroundings(client, each);
    const lines = describeObject(each.resource, each.object, around, {
      nowMs: context.now(),
      painter: output.stdout,
    });
    for (const line of lines) output.data(line);
  }
  if (found.length === 0 && missing.length === 0) output.progress(nothingFound(search));
  return reportMissing(output, missing);
}

async function surroundings(client: CliClient, { resource, object }: Found): Promise<Surroundings> {
  const { name, namespace, uid } = object.metadata;
  const { kind } = kindOf(resource);
  const events = await client.list('events', {
    ...(namespace && { namespace }),
    fieldSelector: `involvedObject.kind=${kind},involvedObject.name=${name}`,
  });
  const operations: readonly ScalingOperation[] =
    resource === 'modelservings'
      ? await client.list('scalingoperations', { namespace, labelSelector: `${label.modelServing}=${name}` })
      : [];
  const pods =
    resource === 'nodes' ? await client.list('pods', { fieldSelector: `spec.nodeName=${name}` }) : [];
  const podName = resource === 'pods' ? name : resource === 'roles' ? `${name}-0` : undefined;
  // Another cluster than ours keeps none.
  const failures =
    podName === undefined ? [] : await client.control.failures({ namespace, name: podName }).catch(() => []);
  return {
    failures,
    pods,
    events: events
      .filter(
        (each) =>
          each.involvedObject.uid === undefined || uid === undefined || each.involvedObject.uid === uid,
      )
      .sort((a, b) => timeOfEvent(a).localeCompare(timeOfEvent(b))),
    operations: [...operations].sort((a, b) => b.status.startedAt.localeCompare(a.status.startedAt)),
  };
}
