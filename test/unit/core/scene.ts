import type { Desired, Observed, Plan } from '../../../src/core/types.js';
import type { GroupView } from '../../../src/core/view-groups.js';

/** A plan with what it was made from. */
export interface Scene {
  readonly desired: Desired;
  readonly observed: Observed;
  readonly nowMs: number;
  readonly next: Plan;
  readonly views: readonly GroupView[];
}
