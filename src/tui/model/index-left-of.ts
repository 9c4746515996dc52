import type { TreeLine } from './tree-line.js';

/** Where the nearest thing stands that a line which is gone belonged to: by its name its pod, role instance or group. -1: none of them. */
export function indexLeftOf(lines: readonly TreeLine[], id: string): number {
  const key = id.slice(id.indexOf(' ') + 1);
  let nearest = -1;
  let longest = 0;
  for (const [index, line] of lines.entries()) {
    if (line.kind === 'serving' || line.kind === 'container') continue;
    const own = line.id.slice(line.kind.length + 1);
    if (own.length <= longest || !(key.startsWith(`${own}-`) || key.startsWith(`${own}/`))) continue;
    nearest = index;
    longest = own.length;
  }
  return nearest;
}
