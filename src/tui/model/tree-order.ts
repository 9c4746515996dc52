import type { TreeSort } from './model.js';
import type { TreeLine } from './tree-line.js';

export const treeSorts: readonly TreeSort[] = ['name', 'trouble', 'restarts', 'age'];

const trouble = { bad: 0, busy: 1, good: 2 } as const;
const compare: Readonly<Record<Exclude<TreeSort, 'name'>, (a: TreeLine, b: TreeLine) => number>> = {
  trouble: (a, b) => trouble[a.level] - trouble[b.level],
  restarts: (a, b) => b.restarts - a.restarts,
  /** The youngest first: what has just been made is what one looks for. */
  age: (a, b) => (b.createdAt ?? '').localeCompare(a.createdAt ?? ''),
};

/** How what stands side by side in the tree is ordered; what is equal stands as `byName` has it. */
export const treeOrder = (sort: TreeSort) => ({
  inOrder<T>(items: readonly T[], lineOf: (item: T) => TreeLine, byName: (a: T, b: T) => number): T[] {
    const named = [...items].sort(byName);
    if (sort === 'name') return named;
    return named
      .map((item) => ({ item, line: lineOf(item) }))
      .sort((a, b) => compare[sort](a.line, b.line))
      .map(({ item }) => item);
  },
});
