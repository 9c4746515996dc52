import type { ModelServing } from '../api/types/model-serving.js';
import type { RoleInstance } from '../api/types/resources.js';
import type { Plan } from '../core/types.js';
import type { RecordEvent } from '../store/record-event.js';
import { invalidSpec } from './invalid-spec.js';

/** A hold that is over sooner is nothing to tell. */
export const lastingHoldMs = 10_000;

/** Says as events what a pass decided: one per decision, per hold that lasts, per bad spec, and kthena's own about roles. */
export function eventTeller(record: RecordEvent) {
  const heldSince = new Map<string, { sinceMs: number; told: boolean }>();
  let invalidBefore: string | undefined;
  const about = (modelServing: ModelServing) => ({
    apiVersion: modelServing.apiVersion,
    kind: modelServing.kind,
    namespace: modelServing.metadata.namespace,
    name: modelServing.metadata.name,
    uid: modelServing.metadata.uid ?? '',
  });
  return {
    rolePhase(modelServing: ModelServing, { spec, status }: RoleInstance): void {
      const message = `Role ${spec.role}/${spec.roleId} in ServingGroup ${spec.group} is now ${status.phase}`;
      record(about(modelServing), 'Normal', `Role${status.phase}`, message);
    },
    /** Returns in how many ms a hold will have lasted long enough to be told. */
    decisions(modelServing: ModelServing, { actions, holds }: Plan, nowMs: number): number | undefined {
      for (const { reason, message } of actions) {
        const type = reason === 'PodFailed' || reason === 'PodLost' ? 'Warning' : 'Normal';
        record(about(modelServing), type, reason, message);
      }
      const invalid = invalidSpec(modelServing);
      if (invalid && invalid.message !== invalidBefore) {
        record(about(modelServing), 'Warning', 'SpecInvalid', `${invalid.reason}: ${invalid.message}`);
      }
      invalidBefore = invalid?.message;
      const present = new Set(holds.map((hold) => `${hold.subject} ${hold.reason}`));
      for (const key of heldSince.keys()) if (!present.has(key)) heldSince.delete(key);
      let nextMs: number | undefined;
      for (const hold of holds) {
        const key = `${hold.subject} ${hold.reason}`;
        const held = heldSince.get(key) ?? { sinceMs: nowMs, told: false };
        heldSince.set(key, held);
        if (held.told) continue;
        const dueMs = held.sinceMs + lastingHoldMs - nowMs;
        if (dueMs <= 0) {
          held.told = true;
          record(about(modelServing), 'Normal', hold.reason, hold.message);
        } else if (nextMs === undefined || dueMs < nextMs) nextMs = dueMs;
      }
      return nextMs;
    },
  };
}
