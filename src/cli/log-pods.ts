import { label } from '../api/labels.js';
import type { Pod, RoleInstance } from '../api/types/resources.js';
import type { CliClient } from './cli-client.js';
import { parseTargets } from './parse-targets.js';
import { usageError } from './usage-error.js';

/**
 * The pods whose logs a word means: a pod by its name or as pod/NAME, or all pods of ms/NAME, sg/NAME (a ServingGroup) or role/NAME (an
 * instance). Throws NotFound, Usage.
 */
export async function logPods(client: CliClient, namespace: string, word: string): Promise<readonly Pod[]> {
  const [target] = word.includes('/') ? parseTargets([word]) : [];
  const name = target?.names[0] ?? word;
  const resource = target?.kind.resource ?? 'pods';
  switch (resource) {
    case 'pods':
      return [await client.get('pods', namespace, name)];
    case 'modelservings':
    case 'servinggroups':
    case 'roles': {
      const object = await client.get(resource, namespace, name);
      const labels =
        resource === 'modelservings'
          ? { [label.modelServing]: name }
          : resource === 'servinggroups'
            ? { [label.group]: name }
            : ofInstance(object as RoleInstance);
      const labelSelector = Object.entries(labels)
        .map(([key, value]) => `${key}=${value}`)
        .join(',');
      return client.list('pods', { namespace, labelSelector });
    }
    default:
      throw usageError(`${word} has no logs`, 'those of a pod, or of pod/NAME, ms/NAME, sg/NAME, role/NAME');
  }
}

const ofInstance = ({ spec }: RoleInstance): Record<string, string> => ({
  [label.group]: spec.group,
  [label.roleId]: spec.roleId,
});
