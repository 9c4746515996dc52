import { generateTokens, tokensOf } from './generate-tokens.js';
import { readRequest } from './read-request.js';
import type { Settings } from './settings.js';

/** SGLang's own `/generate`: a text with its parameters in, a text with what it cost out. Throws RequestError. */
export function generateForSglang(body: string, settings: Settings): object {
  const { text, sampling_params: wanted } = fieldsOf(body) as {
    text?: unknown;
    sampling_params?: { max_new_tokens?: number; stop?: unknown; sampling_seed?: number };
  };
  const asCompletion = {
    prompt: text,
    max_tokens: wanted?.max_new_tokens ?? 128,
    ...(wanted?.stop !== undefined && { stop: wanted.stop }),
    ...(wanted?.sampling_seed !== undefined && { seed: wanted.sampling_seed }),
  };
  const request = readRequest('completion', JSON.stringify(asCompletion), settings);
  const prompt = request.prompts[0] ?? '';
  const made = generateTokens(prompt, request);
  return {
    text: made.tokens.join(''),
    meta_info: {
      prompt_tokens: tokensOf(prompt).length,
      completion_tokens: made.tokens.length,
      finish_reason: {
        type: made.finishReason,
        ...(made.finishReason === 'length' && { length: request.limit }),
      },
    },
  };
}

function fieldsOf(body: string): object {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}
