import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Cell } from '../../../src/api/types/resources.js';
import { progressOf } from '../../../src/tui/model/progress.js';
import { operationsOf, shownOperation } from '../../../src/tui/model/selected-serving.js';
import { columnLabel, columnWidth, shownColumns } from '../../../src/tui/present/stage-columns.js';
import { pressKeys } from './press-keys.js';
import { hundred, roleScaling, running, scaling } from './sample-models.js';

const cell = fc.constantFrom<Cell>('✅', '❎', '⏳', '');
const stages = fc.array(
  fc.record({
    cells: fc
      .array(fc.tuple(cell, fc.nat(40)), { minLength: 1, maxLength: 6 })
      .map((runs) => runs.flatMap(([each, times]) => Array.from({ length: times + 1 }, () => each))),
  }),
  { minLength: 1, maxLength: 4 },
);

describe('columns of the stage board', () => {
  test('a range stands for groups that are the same in every stage, none is lost, and they have room', () => {
    fc.assert(
      fc.property(stages, fc.integer({ min: 1, max: 120 }), fc.option(fc.nat(200)), (shown, cells, left) => {
        const { columns, before, after, folded } = shownColumns(shown, cells, 4, left ?? undefined);
        const count = Math.max(...shown.map((each) => each.cells.length));
        for (const { first, last } of columns)
          for (const stage of shown)
            expect(
              new Set(Array.from({ length: last - first + 1 }, (_, at) => stage.cells[first + at] ?? ''))
                .size,
            ).toBe(1);
        for (const [at, column] of columns.entries())
          if (at > 0) expect(column.first).toBe((columns[at - 1]?.last ?? -2) + 1);
        expect(before).toBe(columns[0]?.first !== 0);
        expect(after).toBe(columns.at(-1)?.last !== count - 1);
        expect(folded && left !== null).toBe(false);
        const width = columns.reduce((sum, column) => sum + columnWidth(column, 4), 0);
        if (columns.length > 1) expect(width).toBeLessThanOrEqual(cells);
      }),
    );
  });

  test('what is worked on is in sight', () => {
    for (const active of [0, 1, 50, 98, 99]) {
      const cells = Array.from(
        { length: 100 },
        (_, at): Cell => (at === active ? '⏳' : at % 2 ? '✅' : '❎'),
      );
      const { columns } = shownColumns([{ cells }], 30, 4, undefined);
      expect(columns.map(columnLabel)).toContain(`G-${active}`);
    }
  });
});

describe('progress', () => {
  const told = (model: typeof running) => {
    const operation = shownOperation(model);
    return operation
      ? progressOf(model, operation).map(({ what, done, all }) => `${done}/${all} ${what}`)
      : [];
  };
  test('counts the groups that are as wanted and the pods that are ready', () => {
    expect(told(scaling)).toEqual(['3/4 groups', '7/8 pods ready']);
    expect(told(roleScaling)).toEqual(['1/4 groups', '8/8 pods ready']);
  });
  test('of an operation that is over there is none', () => {
    expect(told(running)).toEqual([]);
    expect(told(pressKeys(hundred, '[').model)).toEqual([]);
  });
  test('groups that are taken away are done when they are gone', () => {
    const operation = operationsOf(scaling).at(-1);
    const serving = scaling.data.modelservings.get('default/sample');
    if (!operation || !serving) throw new Error('the sample has none');
    const down = {
      ...scaling,
      data: {
        ...scaling.data,
        modelservings: new Map([['default/sample', { ...serving, spec: { ...serving.spec, replicas: 1 } }]]),
      },
    };
    const at = (...cells: Cell[]) =>
      progressOf(down, {
        ...operation,
        status: {
          ...operation.status,
          stages: [
            { cells: ['✅', '✅', '✅', '✅'], note: '', startedAt: '' },
            { cells, note: '', startedAt: '' },
          ],
        },
      }).map(({ what, done, all }) => `${done}/${all} ${what}`);
    expect(at('✅', '✅', '✅', '⏳')).toEqual(['1/4 groups']);
    expect(at('✅', '✅', '⏳', '')).toEqual(['2/4 groups']);
    expect(at('✅', '⏳')).toEqual(['3/4 groups']);
  });
});
