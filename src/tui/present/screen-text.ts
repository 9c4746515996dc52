import type { Frame } from './present.js';
import { rowText } from './styled.js';

/** A frame as plain text, for pictures in documents and for goldens: one line per row, no trailing spaces. */
export const screenText = (frame: Frame): string =>
  `${frame.rows
    .map((each) => rowText(each).trimEnd())
    .join('\n')
    .trimEnd()}\n`;
