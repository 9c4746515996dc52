import { structuredPatch } from 'diff';
import type { Painter } from '../output.js';

/** The lines of a unified diff, with what goes and what comes in colours beside their signs; none when both are the same. */
export function textDiff(
  painter: Painter,
  before: { name: string; text: string },
  after: { name: string; text: string },
): string[] {
  const { hunks } = structuredPatch(before.name, after.name, before.text, after.text, '', '', { context: 3 });
  if (hunks.length === 0) return [];
  return [
    painter.bold(`--- ${before.name}`),
    painter.bold(`+++ ${after.name}`),
    ...hunks.flatMap(({ oldStart, oldLines, newStart, newLines, lines }) => [
      painter.dim(`@@ -${oldStart},${oldLines} +${newStart},${newLines} @@`),
      ...lines.map((line) =>
        line.startsWith('-') ? painter.bad(line) : line.startsWith('+') ? painter.good(line) : line,
      ),
    ]),
  ];
}
