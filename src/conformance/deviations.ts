import { label } from '../api/labels.js';
import { itemsOf } from './case-world.js';
import type { ConformanceCase, Facts } from './conformance-case.js';

/** Where our rules differ from kthena's controller on purpose: which cases, why, and what is expected instead. */
export interface Deviation {
  readonly applies: (of: ConformanceCase) => boolean;
  readonly reason: string;
  readonly instead: (expected: Facts, of: ConformanceCase) => Facts;
}

const deviations: readonly Deviation[] = [
  {
    applies: ({ when, given, expect }) =>
      when.op === 'scaleUpGroups' &&
      isLost(given) &&
      Object.values((expect.createdRevision ?? {}) as Facts).includes(given.statusCurrentRevision) &&
      given.statusCurrentRevision !== when.newRevision,
    reason: 'a pod carries the revision of the template it was made from, and the older one is lost',
    instead: ({ createdRevision: _label, ...rest }) => rest,
  },
  {
    applies: ({ when, given, expect }) =>
      when.op === 'scaleDownRole' &&
      expect.groupStatus === 'Running' &&
      itemsOf(given.roles).some((each) => each.status === 'Deleting'),
    reason: 'a group is Running only when what was to go is gone',
    instead: ({ groupStatus: _status, ...rest }) => rest,
  },
  {
    applies: ({ when, given, expect }) =>
      when.op === 'generatePod' && clashing(given.role, expect.labels).length > 0,
    reason: 'our own labels win over those of a template',
    instead: ({ labels, ...rest }, { given }) => ({
      ...rest,
      labels: Object.fromEntries(
        Object.entries(labels as Facts).filter(([name]) => !clashing(given.role, labels).includes(name)),
      ),
    }),
  },
  {
    applies: ({ when, given, expect }) =>
      when.op === 'validate' &&
      errorsOf(expect).some(isOfName) &&
      errorsOf(expect).some((each) => /roles\[\d+\]\.name$/.test(each.field)) &&
      /^[a-z]([-a-z0-9]{0,28}[a-z0-9])?$/.test(given.modelServing?.name ?? 'x'),
    reason: 'what is wrong with the name of a role is said of the role alone',
    instead: (expected) => ({ ...expected, errors: errorsOf(expected).filter((each) => !isOfName(each)) }),
  },
  {
    applies: ({ when, expect }) =>
      when.op === 'validate' && errorsOf(expect).some((each) => isOfUpdate(each) && each.type === 'Invalid'),
    reason: 'the error names the field itself, not the map around it',
    instead: (expected) => ({
      ...expected,
      errors: errorsOf(expected).map((each) => (isOfUpdate(each) ? { ...each, below: true } : each)),
    }),
  },
];

const errorsOf = ({ errors }: Facts): readonly Facts[] => errors ?? [];
const isOfName = ({ field }: Facts): boolean => field === 'metadata.name';
const isOfUpdate = ({ field }: Facts): boolean => field === 'spec.rolloutStrategy.rollingUpdateConfiguration';

const isLost = ({ snapshots, statusCurrentRevision: current }: Facts): boolean =>
  Array.isArray(snapshots)
    ? !snapshots.includes(current)
    : typeof (snapshots ?? { [current]: {} })[current] !== 'object';

/** Labels of a template that have a name of ours and another value than ours would have. */
function clashing(role: Facts | undefined, expected: Facts | undefined): string[] {
  const theirs = [role?.entryLabels, role?.workerLabels, role?.labels];
  const names = new Set<string>(Object.values(label));
  return theirs.flatMap((labels) =>
    Object.entries((labels ?? {}) as Facts).flatMap(([name, value]) =>
      names.has(name) && expected?.[name] === value ? [name] : [],
    ),
  );
}

export const deviationOf = (of: ConformanceCase): Deviation | undefined =>
  deviations.find((each) => each.applies(of));
