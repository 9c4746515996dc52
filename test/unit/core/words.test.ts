import { describe, expect, it } from 'vitest';
import { changeOf, factsOf } from '../../../src/core/change-of.js';
import { resolveIntOrPercent } from '../../../src/core/int-or-percent.js';
import { simulate } from '../../../src/core/simulate.js';
import { stageTable } from '../../../src/core/stage-table.js';
import { role, running, wanted, withPods } from './world.js';

describe('a change in words', () => {
  const before = wanted(3, [role('prefill'), role('decode')]);

  it('names what changed, and nothing else', () => {
    const after = wanted(4, [role('prefill', 2), role('decode')]);
    expect(changeOf(factsOf(before), after)).toEqual({
      kinds: ['up', 'roles'],
      text: 'replicas 3 → 4, prefill 1 → 2',
    });
    expect(changeOf(factsOf(before), wanted(3, [role('prefill'), role('router')])).text).toContain(
      'decode 1 → 0, router 0 → 1',
    );
    expect(changeOf(factsOf(before), before)).toEqual({ kinds: [], text: '' });
  });

  it('knows creation, templates and deletion', () => {
    expect(changeOf(undefined, before)).toEqual({ kinds: ['create'], text: 'created with 3 replicas' });
    const rolled = wanted(3, [role('prefill', 1, 'b'), role('decode')]);
    expect(changeOf(factsOf(before), rolled).text).toBe(`template ${before.revision} → ${rolled.revision}`);
    expect(changeOf(factsOf(before), { ...before, deleting: true }).kinds).toEqual(['delete']);
    const guarded = factsOf({ ...before, partition: '50%' });
    expect(changeOf(guarded, before)).toEqual({ kinds: ['template'], text: 'partition 50% → none' });
    const { partitions: _unknown, ...ofBefore } = guarded;
    expect(changeOf(ofBefore, before).kinds).toEqual([]);
    const [first, ...others] = before.roles;
    const roles = [{ ...first!, partition: 1 }, ...others];
    expect(changeOf(factsOf(before), { ...before, roles }).text).toBe('prefill partition none → 1');
  });
});

describe('IntOrPercent', () => {
  it.each([
    [3, 10, 'down', 3],
    ['30%', 4, 'down', 1],
    ['30%', 4, 'up', 2],
    ['0%', 4, 'up', 0],
    ['100%', 7, 'down', 7],
    ['50%', 0, 'up', 0],
  ] as const)('%s of %i rounded %3$s is %4$i', (value, total, round, result) => {
    expect(resolveIntOrPercent(value, total, round)).toBe(result);
  });

  it('is no number when it is neither', () => {
    for (const bad of ['', '%', '-5%', '5', '1.5%']) expect(resolveIntOrPercent(bad, 4, 'up')).toBeNaN();
  });
});

describe('stages of a simulation', () => {
  const roles = [role('prefill'), role('decode')];

  it('begin where things are: what is broken now is ⏳ from the start', () => {
    const state = withPods(running(wanted(2, roles)), 0, 'decode-0', { ready: false });
    const broken = {
      ...state,
      groups: state.groups.map((group, at) =>
        at === 0 ? { ...group, record: { ...group.record, status: 'Creating' as const } } : group,
      ),
    };
    const [first, second] = simulate(wanted(3, roles), broken, 0, factsOf(wanted(2, roles)));
    expect(first?.cells).toEqual(['⏳', '✅']);
    expect(second?.cells).toEqual(['✅', '✅', '⏳']);
  });

  it('print as a table, as wide as the widest row', () => {
    const stages = simulate(wanted(1, roles), running(wanted(2, roles)), 0, factsOf(wanted(2, roles)));
    expect(stageTable(stages)).toBe(
      [
        '| Stage | G-0 | G-1 | What happens |',
        '| --- | --- | --- | --- |',
        '| Stage 1 | ✅ | ✅ | Before scaling down |',
        '| Stage 2 | ✅ | ⏳ | Scaling down started, the replica with the highest ordinal (G-1) is deleting |',
        '| Stage 3 | ✅ |  | Scale completed |',
      ].join('\n'),
    );
    expect(stageTable([])).toBe('| Stage | What happens |\n| --- | --- |');
  });
});
