import type { ServerResponse } from 'node:http';
import type { Generated } from './generate-tokens.js';
import type { GenerationRequest } from './read-request.js';

export interface Choice extends Generated {
  index: number;
  /** The prompt, when it is to be sent back. */
  echoed: string;
}
export interface AnswerWriter {
  token(choice: Choice, step: number): void;
  end(usage: object): void;
}

let serial = 0;
/** Ids are counted, so that a run can be repeated and compared. */
const nextId = (kind: GenerationRequest['kind']) =>
  `${kind === 'chat' ? 'chatcmpl' : 'cmpl'}-${(++serial).toString(16).padStart(8, '0')}`;

/** The whole answer as one JSON object. */
export function wholeAnswer(
  request: GenerationRequest,
  response: ServerResponse,
  choices: readonly Choice[],
): AnswerWriter {
  return {
    token() {},
    end(usage) {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(wholeBody(request, choices, usage)));
    },
  };
}

function wholeBody(request: GenerationRequest, choices: readonly Choice[], usage: object): object {
  const chat = request.kind === 'chat';
  return {
    id: nextId(request.kind),
    object: chat ? 'chat.completion' : 'text_completion',
    created: Math.floor(Date.now() / 1000),
    model: request.model,
    choices: choices.map((choice) => {
      const text = choice.echoed + choice.tokens.join('');
      const content = chat
        ? { message: { role: 'assistant', content: text.trimStart(), refusal: null, tool_calls: [] } }
        : { text };
      return {
        index: choice.index,
        ...content,
        logprobs: null,
        finish_reason: choice.finishReason,
        stop_reason: choice.stopReason,
      };
    }),
    usage,
    kv_transfer_params: null,
  };
}

/** Chunks in the order in which OpenAI clients expect them: role, tokens, finish reason, usage when asked for, [DONE]. */
export function eventStream(request: GenerationRequest, response: ServerResponse): AnswerWriter {
  const chat = request.kind === 'chat';
  const head = {
    id: nextId(request.kind),
    object: chat ? 'chat.completion.chunk' : 'text_completion',
    created: Math.floor(Date.now() / 1000),
    model: request.model,
  };
  const send = (rest: object) => response.write(`data: ${JSON.stringify({ ...head, ...rest })}\n\n`);
  response.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache',
  });
  const begun = new Set<number>();
  return {
    token(choice: Choice, step: number) {
      const { index } = choice;
      const first = !begun.has(index);
      begun.add(index);
      if (first && chat)
        send({
          choices: [
            { index, delta: { role: 'assistant', content: '' }, logprobs: null, finish_reason: null },
          ],
        });
      const last = step === choice.tokens.length - 1;
      const token = choice.tokens[step] ?? '';
      const text = first ? (chat ? token.trimStart() : choice.echoed + token) : token;
      const ending = last
        ? { finish_reason: choice.finishReason, stop_reason: choice.stopReason }
        : { finish_reason: null };
      send({
        choices: [{ index, ...(chat ? { delta: { content: text } } : { text }), logprobs: null, ...ending }],
      });
    },
    end(usage: object) {
      if (request.usageInStream) send({ choices: [], usage });
      response.end('data: [DONE]\n\n');
    },
  };
}
