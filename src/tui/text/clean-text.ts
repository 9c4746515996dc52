import { stripControl } from '../../lib/strip-control.js';

/**
 * Text that is not ours as one line of the screen, harmless and measurable: control sequences and characters that are invisible or change
 * the direction or the width of others are taken out; a tab becomes spaces up to the next multiple of eight.
 */
export function cleanText(text: string): string {
  // Nearly every line is plain; one test is cheaper than five replacements.
  if (/^[\x20-\x7e]*$/.test(text)) return text;
  return expandTabs(stripControl(text).normalize('NFC'))
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]|[\p{Variation_Selector}]/gu, '')
    .replace(/[\p{Co}\p{Cn}]/gu, '?');
}

function expandTabs(text: string): string {
  if (!text.includes('\t')) return text;
  let line = '';
  for (const part of text.split(/(\t)/)) line += part === '\t' ? ' '.repeat(8 - (line.length % 8)) : part;
  return line;
}
