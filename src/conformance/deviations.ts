import type { ConformanceCase, Facts } from './conformance-case.js';

/** Where our rules differ from kthena's controller on purpose: which cases, why, and what is expected instead. */
export interface Deviation {
  readonly applies: (of: ConformanceCase) => boolean;
  readonly reason: string;
  readonly instead: (expected: Facts) => Facts;
}

const deviations: readonly Deviation[] = [
  {
    applies: ({ when, given, expect }) =>
      when.op === 'scaleUpGroups' &&
      expect.templateSource === 'spec' &&
      given.snapshots?.[given.statusCurrentRevision] === undefined,
    reason: 'a pod carries the revision of the template it was made from, and the older one is lost',
    instead: ({ createdRevision: _label, ...rest }) => rest,
  },
  {
    applies: ({ when, given, expect }) =>
      when.op === 'scaleDownRole' &&
      expect.groupStatus === 'Running' &&
      (given.roles as Facts[]).some((each) => each.status === 'Deleting'),
    reason: 'a group is Running only when what was to go is gone',
    instead: ({ groupStatus: _status, ...rest }) => rest,
  },
  {
    applies: ({ when, expect }) =>
      when.op === 'validate' &&
      (expect.errors as Facts[]).some((each) => each.type === 'Invalid' && isUpdate(each.field)),
    reason: 'the error names the field itself, not the map around it',
    instead: ({ errors, ...rest }) => ({
      ...rest,
      errors: (errors as Facts[]).map((each) =>
        each.type === 'Invalid' && isUpdate(each.field) ? { ...each, below: true } : each,
      ),
    }),
  },
];

const isUpdate = (field: string): boolean => field === 'spec.rolloutStrategy.rollingUpdateConfiguration';

export const deviationOf = (of: ConformanceCase): Deviation | undefined =>
  deviations.find((each) => each.applies(of));
