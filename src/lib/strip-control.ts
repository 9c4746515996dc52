import { isDrawnOver } from './is-drawn-over.js';

/**
 * Text of a container made harmless for a terminal: escape sequences (CSI, OSC, DCS …), C0 and C1 controls and characters that change the
 * direction of writing are taken out; tab and newline stay. A carriage return begins a line, in the place of a progress bar before it. Hand in whole lines: a sequence cut in two is not recognised.
 */
export const stripControl = (text: string): string =>
  /^[\x20-\x7e\n\t]*$/.test(text)
    ? text
    : text
        .replace(/(?:\x1b[\]PX^_]|[\x9d\x90\x98\x9e\x9f])[^\x07\x1b\x9c\n]*(?:\x07|\x1b\\|\x9c|$)/gm, '')
        .replace(/(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]?/g, '')
        .replace(/\x1b[ -/]*[0-~]?/g, '')
        .replace(/\r(?=\n|$)/g, '')
        .replace(/([^\r\n]*)\r/g, (_, part: string) => (isDrawnOver(part) ? '' : `${part}\n`))
        .replace(/[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '');
