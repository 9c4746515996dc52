import { allViews, type KeyBinding, printKey, type View } from './keys.js';

export interface KeySection {
  readonly title: string;
  readonly bindings: readonly KeyBinding[];
}

/** Where a key is looked up first; a binding stands in the first section that has one of its views. */
const titles: readonly { readonly title: string; readonly views: readonly View[] }[] = [
  { title: 'Main view and tree', views: ['main', 'tree'] },
  { title: 'Logs', views: ['logs'] },
  { title: 'Other views', views: allViews },
];

/** The table of keys as people read it, what acts everywhere first. The help screen and docs/keys.md are made of it. */
export function keySections(bindings: readonly KeyBinding[]): KeySection[] {
  const everywhere = bindings.filter((binding) => binding.views.length === allViews.length);
  let rest = bindings.filter((binding) => !everywhere.includes(binding));
  const sections = titles.map(({ title, views }) => {
    const own = rest.filter((binding) => binding.views.some((view) => views.includes(view)));
    rest = rest.filter((binding) => !own.includes(binding));
    return { title, bindings: own };
  });
  return [{ title: 'Everywhere', bindings: everywhere }, ...sections].filter(
    (section) => section.bindings.length > 0,
  );
}

/** All keys of a binding, as people write them. */
export const printKeys = (binding: KeyBinding, ascii: boolean): string =>
  binding.action === 'pickServing' ? '1 ... 9' : binding.keys.map((key) => printKey(key, ascii)).join(' ');
