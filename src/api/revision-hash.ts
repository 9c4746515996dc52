import { shortHash } from '../lib/short-hash.js';
import type { RoleSpec } from './types/model-serving.js';

/**
 * The role without what may change and yet replace no pod: its counts and its own roll-out limits. What is left is hashed as the user
 * wrote it, before defaults, so that another release of this program rolls nobody's pods.
 */
function template(role: RoleSpec): object {
  const { replicas: _replicas, maxUnavailable: _maxUnavailable, partition: _partition, ...rest } = role;
  return rest;
}

/** The revision of `template.roles`: another one is a roll-out. Pure; the order of roles counts, the order of keys does not. */
export const revisionHash = (roles: readonly RoleSpec[]): string => shortHash(roles.map(template));

/** The same over one role: an instance with another hash is outdated. Pure. */
export const roleTemplateHash = (role: RoleSpec): string => shortHash(template(role));
