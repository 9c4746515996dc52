import { groupLabel } from '../api/names.js';
import type { Cell, Hold } from '../api/types/resources.js';
import type { SpecChange } from './change-of.js';
import type { Observed } from './types.js';

type Doing = 'creating' | 'deleting' | 'scaling' | 'updating';

const titles: Record<SpecChange['kinds'][number], string> = {
  create: 'creating',
  up: 'scaling up',
  down: 'scaling down',
  roles: 'scaling the roles',
  template: 'the roll-out',
  delete: 'the deletion',
};

export const noteBefore = (change: SpecChange): string =>
  `Before ${change.kinds.map((kind) => titles[kind]).join(' and ') || 'the change'}`;

export const noteAfter = (change: SpecChange): string => {
  const [only] = change.kinds;
  if (change.kinds.length === 1 && only === 'template') return 'Roll-out completed';
  if (change.kinds.length === 1 && only === 'delete') return 'Deletion completed';
  return 'Scale completed';
};

/** The words of the last row: completed, or what keeps the rest from being changed (a pause). */
export const noteAtRest = (change: SpecChange, row: readonly Cell[], hold: Hold | undefined): string =>
  hold && row.includes('❎') ? `Stays so: ${hold.message}` : noteAfter(change);

/** What one row shows, in the words of the scaling guide. `previous` is the row before it; undefined for the first one after the change. */
export function stageNote(
  change: SpecChange,
  previous: readonly Cell[] | undefined,
  row: readonly Cell[],
  observed: Observed,
): string {
  const busy = observed.groups
    .filter((group) => row[group.ordinal] === '⏳')
    .map((group) => ({ label: groupLabel(group.ordinal), doing: doingOf(group.record, change) }))
    .reverse();
  const doing = busy[0]?.doing;
  if (!doing) return noteAfter(change);
  const who = busy.filter((each) => each.doing === doing).map((each) => each.label);
  const also = busy.filter((each) => each.doing !== doing).map((each) => `${each.label} is ${each.doing}`);
  const done = (previous ?? [])
    .flatMap((cell, ordinal) => (cell === '⏳' && row[ordinal] !== '⏳' ? [groupLabel(ordinal)] : []))
    .reverse();
  const main = done.length > 0 ? following(doing, done, who, row, observed) : starting(doing, who, observed);
  return [main, ...also].join('; ');
}

function starting(doing: Doing, who: readonly string[], observed: Observed): string {
  const started = {
    creating: 'Scaling up',
    deleting: 'Scaling down',
    scaling: 'Role scaling',
    updating: 'Roll-out',
  };
  const highest = groupLabel(Math.max(...observed.groups.map((group) => group.ordinal)));
  const [only] = who;
  const named =
    who.length === 1 && only === highest
      ? `the replica with the highest ordinal (${only}) is ${doing}`
      : `${list(who)} ${who.length === 1 ? 'is' : 'are'} ${doing}`;
  return `${started[doing]} started, ${named}`;
}

function following(
  doing: Doing,
  done: readonly string[],
  who: readonly string[],
  row: readonly Cell[],
  observed: Observed,
): string {
  const wasDone = done.map((label) => `${label} is ${past(label, doing, row, observed)}`).join(', ');
  if (who.length > 1) return `${wasDone}. The next replicas (${list(who)}) are now ${doing}`;
  if (doing === 'scaling') return `${wasDone}. The roles in next replica (${who[0]}) is now scaling`;
  return `${wasDone}. The next replica (${who[0]}) is now ${doing}`;
}

function past(label: string, doing: Doing, row: readonly Cell[], observed: Observed): string {
  const ordinal = observed.groups.find((group) => groupLabel(group.ordinal) === label)?.ordinal;
  if (ordinal === undefined || row[ordinal] === '') return 'deleted';
  return { creating: 'created', deleting: 'ready', scaling: 'scaled', updating: 'updated' }[doing];
}

function doingOf(record: Observed['groups'][number]['record'], change: SpecChange): Doing {
  if (record.deleting) return record.deleting.reason === 'Outdated' ? 'updating' : 'deleting';
  if (record.status === 'Scaling') return 'scaling';
  return change.kinds.includes('template') && !change.kinds.includes('up') ? 'updating' : 'creating';
}

const list = (labels: readonly string[]): string => labels.join(', ');
