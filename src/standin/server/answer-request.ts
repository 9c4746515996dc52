import type { ServerResponse } from 'node:http';
import { generateTokens, tokensOf } from './generate-tokens.js';
import type { Metrics } from './metrics.js';
import type { GenerationRequest } from './read-request.js';
import { RequestError } from './request-error.js';
import type { Settings } from './settings.js';
import { type Choice, eventStream, wholeAnswer } from './write-answer.js';

export interface Slots {
  /** Resolves when the request may run; the returned function gives the place back. */
  take(): Promise<() => void>;
}

/** As many requests at once as `--max-num-seqs`; the rest wait their turn, and both numbers are metrics. */
export function requestSlots(most: number, metrics: Metrics): Slots {
  const queue: (() => void)[] = [];
  /** A place that is given back goes to the first that waits, without being free in between. */
  const release = () => {
    const next = queue.shift();
    if (next) next();
    else metrics.running--;
  };
  return {
    async take() {
      if (metrics.running < most) metrics.running++;
      else {
        metrics.waiting++;
        await new Promise<void>((resolve) => queue.push(resolve));
        metrics.waiting--;
      }
      return release;
    },
  };
}

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** Generates at the pace of a small model and writes the answer whole or as server-sent events. */
export async function answerRequest(
  request: GenerationRequest,
  response: ServerResponse,
  shared: { settings: Settings; metrics: Metrics; slots: Slots },
): Promise<void> {
  const { settings, metrics, slots } = shared;
  const promptTokens = request.prompts.reduce((sum, prompt) => sum + tokensOf(prompt).length, 0);
  if (promptTokens + 1 > settings.maxModelTokens) {
    throw new RequestError(
      400,
      `This model's maximum context length is ${settings.maxModelTokens} tokens. However, your request has ${promptTokens} input tokens. Please reduce the length of the input messages.`,
    );
  }
  const beganAtMs = performance.now();
  const release = await slots.take();
  let firstTokenMs: number | undefined;
  let generatedTokens = 0;
  let finishReason: 'stop' | 'length' | 'abort' = 'abort';
  try {
    const choices = request.prompts.flatMap((prompt, at) =>
      Array.from({ length: request.n }, (_, copy): Choice => {
        const made = generateTokens(prompt, { ...request, seed: request.seed + copy });
        return { ...made, index: at * request.n + copy, echoed: request.echo ? prompt : '' };
      }),
    );
    const write = request.stream ? eventStream(request, response) : wholeAnswer(request, response, choices);
    const longest = Math.max(...choices.map((c) => c.tokens.length));
    for (let step = 0; step < longest && !response.destroyed; step++) {
      if (settings.msPerToken > 0) await pause(settings.msPerToken);
      firstTokenMs ??= performance.now() - beganAtMs;
      for (const choice of choices) {
        if (step >= choice.tokens.length) continue;
        generatedTokens++;
        write.token(choice, step);
      }
    }
    if (response.destroyed) return;
    finishReason = choices.some((c) => c.finishReason === 'length') ? 'length' : 'stop';
    const usage = {
      prompt_tokens: promptTokens,
      total_tokens: promptTokens + generatedTokens,
      completion_tokens: generatedTokens,
      prompt_tokens_details: null,
    };
    write.end(usage);
  } finally {
    release();
    const totalMs = performance.now() - beganAtMs;
    metrics.finished({ promptTokens, generatedTokens, finishReason, firstTokenMs, totalMs });
  }
}
