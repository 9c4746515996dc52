/**
 * Text that is not ours, made harmless and measurable: control sequences (C0, C1, CSI, OSC …) and invisible or direction-changing
 * characters are taken out, a tab becomes spaces up to the next multiple of eight.
 */
export function cleanText(text: string): string {
  // Nearly every line is plain; two tests are cheaper than five replacements.
  if (/^[\x20-\x7e]*$/.test(text)) return text;
  const plain = text
    // string sequences: OSC, DCS, APC, PM, SOS, up to their terminator or the end
    .replace(/(?:\x1b[\]PX^_]|[\x9d\x90\x98\x9e\x9f])[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c|$)/g, '')
    // CSI
    .replace(/(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]?/g, '')
    // other escapes
    .replace(/\x1b[ -/]*[0-~]?/g, '')
    .normalize('NFC');
  return expandTabs(plain)
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]|[\p{Variation_Selector}]/gu, '')
    .replace(/[\p{Co}\p{Cn}]/gu, '?');
}

function expandTabs(text: string): string {
  if (!text.includes('\t')) return text;
  let line = '';
  for (const part of text.split(/(\t)/)) line += part === '\t' ? ' '.repeat(8 - (line.length % 8)) : part;
  return line;
}
