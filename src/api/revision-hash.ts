import { shortHash } from '../lib/short-hash.js';
import type { RoleSpec } from './types/model-serving.js';

// What scaling changes is no part of a template: a change of it never rolls anything out.
const template = ({ replicas: _r, maxUnavailable: _m, partition: _p, ...rest }: RoleSpec) => rest;

/** Hash of all role templates as the user wrote them; a change of it is a roll-out. */
export const revisionHash = (roles: readonly RoleSpec[]): string => shortHash(roles.map(template));
/** The same over one role. */
export const roleTemplateHash = (role: RoleSpec): string => shortHash(template(role));
