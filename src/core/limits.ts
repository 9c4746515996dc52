import type { RoleSpec } from '../api/types/model-serving.js';
import { resolveIntOrPercent } from './int-or-percent.js';
import type { RoleLimits } from './outdated-instances.js';
import type { Desired } from './types.js';

/** How many groups, by position, the partition keeps at their revision. 0 without a partition. */
export const partitionOf = ({ partition, replicas }: Desired): number =>
  partition === undefined ? 0 : resolveIntOrPercent(partition, replicas, 'up');

/** How many groups a roll-out may have out of Running at once. Never 0: a percentage that comes to nothing counts as one. */
export const maxUnavailableOf = ({ maxUnavailable, replicas }: Desired): number =>
  Math.max(1, resolveIntOrPercent(maxUnavailable ?? 1, replicas, 'down'));

/** The same within a role, under RoleRollingUpdate alone. */
export const roleLimitsOf = (
  { rolloutType }: Desired,
  { replicas, maxUnavailable = 1, partition }: RoleSpec,
): RoleLimits => ({
  replicas,
  maxUnavailable: Math.max(1, resolveIntOrPercent(maxUnavailable, replicas, 'down')),
  partition:
    partition === undefined || rolloutType !== 'RoleRollingUpdate'
      ? 0
      : resolveIntOrPercent(partition, replicas, 'up'),
});
