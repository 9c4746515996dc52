import stringWidth from 'string-width';

const gap = 3;

/** The width in terminal cells that each column needs. */
export const columnWidths = (rows: readonly (readonly string[])[]): number[] => {
  const count = Math.max(0, ...rows.map((row) => row.length));
  return Array.from({ length: count }, (_, at) =>
    Math.max(0, ...rows.map((row) => stringWidth(row[at] ?? ''))),
  );
};

/**
 * Rows as kubectl aligns them: three spaces between columns, nothing after the last one. Colours and wide glyphs are measured as the
 * terminal shows them. `widths` may come from an earlier table, so that rows that arrive later stand under the same headings.
 */
export function table(
  rows: readonly (readonly string[])[],
  widths: readonly number[] = columnWidths(rows),
): string[] {
  return rows.map((row) =>
    row
      .map((cell, at) => {
        const fill = (widths[at] ?? 0) + gap - stringWidth(cell);
        return at === row.length - 1 ? cell : cell + ' '.repeat(Math.max(1, fill));
      })
      .join('')
      .trimEnd(),
  );
}
