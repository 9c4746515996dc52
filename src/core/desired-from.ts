import { annotation } from '../api/labels.js';
import { overlayStandIn } from '../api/overlay-stand-in.js';
import { revisionHash, roleTemplateHash } from '../api/revision-hash.js';
import type { ModelServing } from '../api/types/model-serving.js';
import type { Desired, Rules } from './types.js';

/** What a ModelServing asks for, in the words of the decisions. `rules` is the daemon's default; the object's own annotation wins. */
export function desiredFrom(modelServing: ModelServing, rules: Rules): Desired {
  const { metadata, spec } = modelServing;
  const own = metadata.annotations?.[annotation.rules];
  const update = spec.rolloutStrategy.rollingUpdateConfiguration;
  // Part of the template from here on: turning it on or off is a roll-out like any other.
  const roles =
    metadata.annotations?.[annotation.standIn] === 'true'
      ? overlayStandIn(spec.template.roles).roles
      : spec.template.roles;
  return {
    name: metadata.name,
    namespace: metadata.namespace,
    uid: metadata.uid ?? '',
    generation: metadata.generation ?? 1,
    replicas: spec.replicas,
    roles,
    ...(roles !== spec.template.roles && { writtenRoles: spec.template.roles }),
    revision: revisionHash(roles),
    roleHashes: Object.fromEntries(roles.map((role) => [role.name, roleTemplateHash(role)])),
    rolloutType: spec.rolloutStrategy.type,
    ...(update?.maxUnavailable !== undefined && { maxUnavailable: update.maxUnavailable }),
    ...(update?.partition !== undefined && { partition: update.partition }),
    recoveryPolicy: spec.recoveryPolicy,
    restartGraceMs: spec.template.restartGracePeriodSeconds * 1000,
    rules: own === 'ordinal' || own === 'upstream' ? own : rules,
    paused: metadata.annotations?.[annotation.paused] === 'true',
    deleting: metadata.deletionTimestamp !== undefined,
  };
}
