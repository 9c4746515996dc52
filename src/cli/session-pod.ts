import { label } from '../api/labels.js';
import type { Pod } from '../api/types/resources.js';
import { AppError, isAppError } from '../lib/app-error.js';
import type { CliClient } from './cli-client.js';
import type { CliContext } from './cli-context.js';

/**
 * The pod that a word means: its name, `pod/NAME`, or the name of a role instance or a group, whose first entry pod it is then. Throws
 * NotFound naming the pods there are.
 */
export async function sessionPod(context: CliContext, client: CliClient, word: string): Promise<Pod> {
  const name = word.replace(/^(pods?|po|roles?|servinggroups?|sg)\//, '');
  const { namespace } = context;
  try {
    return await client.get('pods', namespace, name);
  } catch (error) {
    if (!isAppError(error, 'NotFound')) throw error;
  }
  const pods = await client.list('pods', { namespace });
  const entry = pods.find(
    ({ metadata }) => metadata.labels?.[label.entry] === 'true' && metadata.name.startsWith(`${name}-`),
  );
  if (entry) return entry;
  const names = pods.map((each) => each.metadata.name);
  throw new AppError('NotFound', `pods "${name}" not found`, {
    hint: names.length > 0 ? `there are: ${names.slice(0, 5).join(', ')}` : 'no pod is there yet',
  });
}
