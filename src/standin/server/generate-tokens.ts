const words =
  'the a cache block layer head token batch prompt answer engine model key value page step warm quick long short reads writes holds moves sends takes keeps from into over with and then'.split(
    ' ',
  );

/** Pieces as a tokenizer might cut them: words and punctuation, each with the blank before it. Pure. */
export const tokensOf = (text: string): string[] =>
  text.match(/\s?[\p{L}\p{N}]+|\s?[^\s\p{L}\p{N}]+|\s+/gu) ?? [];

function seedOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193) >>> 0;
  return hash;
}

export interface Generated {
  tokens: string[];
  /** `length` when the limit cut it, `stop` when it came to its end or to a stop string. */
  finishReason: 'stop' | 'length';
  /** The stop string that ended it. */
  stopReason: string | null;
}

/**
 * An answer that means nothing and is the same for the same prompt, seed and limits, on every machine. `limit` is the most tokens wanted,
 * undefined for as long as the answer is; `ignoreEnd` goes on to the limit. Pure.
 */
export function generateTokens(
  prompt: string,
  options: { seed: number; limit: number | undefined; ignoreEnd: boolean; stop: readonly string[] },
): Generated {
  let state = (seedOf(prompt) ^ Math.imul(options.seed + 1, 0x9e3779b1)) >>> 0;
  const next = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state >>> 8;
  };
  const natural = 12 + (next() % 24);
  const length = options.ignoreEnd ? (options.limit ?? natural) : Math.min(options.limit ?? natural, natural);
  const tokens: string[] = [];
  let text = '';
  while (tokens.length < length) {
    const token = ` ${words[next() % words.length]}`;
    tokens.push(token);
    const before = text.length;
    text += token;
    const stop = options.stop.find((s) => s !== '' && text.includes(s));
    if (stop !== undefined) {
      tokens[tokens.length - 1] = text.slice(0, text.indexOf(stop)).slice(before);
      return { tokens, finishReason: 'stop', stopReason: stop };
    }
  }
  const cut =
    options.limit !== undefined && length === options.limit && (options.ignoreEnd || natural > length);
  return { tokens, finishReason: cut ? 'length' : 'stop', stopReason: null };
}
