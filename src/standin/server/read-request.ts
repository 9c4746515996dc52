import { missingField, RequestError } from './request-error.js';
import type { Settings } from './settings.js';

export interface GenerationRequest {
  kind: 'chat' | 'completion';
  /** As the client called it. */
  model: string;
  /** One answer is made for each prompt, `n` times. */
  prompts: string[];
  n: number;
  seed: number;
  limit: number | undefined;
  ignoreEnd: boolean;
  stop: string[];
  stream: boolean;
  usageInStream: boolean;
  /** The prompt is sent back in front of the answer. */
  echo: boolean;
}

type Fields = Readonly<Record<string, unknown>>;

function whole(fields: Fields, name: string, least: number): number | undefined {
  const value = fields[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'number' || !Number.isInteger(value))
    throw new RequestError(
      400,
      `[{'type': 'int_type', 'loc': ('body', '${name}'), 'msg': 'Input should be a valid integer'}]`,
      name,
    );
  if (value < least) throw new RequestError(400, `${name} must be at least ${least}, got ${value}.`, name);
  return value;
}

const contentText = (content: unknown): string => {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return content.map((part) => String((part as Fields | null)?.text ?? '')).join('');
};

function chatPrompt(fields: Fields): string {
  const { messages } = fields;
  if (messages === undefined) throw missingField('messages');
  if (!Array.isArray(messages) || messages.some((m) => typeof m !== 'object' || m === null))
    throw new RequestError(
      400,
      `[{'type': 'list_type', 'loc': ('body', 'messages'), 'msg': 'Input should be a valid list'}]`,
      'messages',
    );
  const lines = (messages as Fields[]).map((message, at) => {
    if (typeof message.role !== 'string') throw missingField(`messages', ${at}, 'role`);
    return `<|${message.role}|>${contentText(message.content)}`;
  });
  return lines.join('\n');
}

function completionPrompts(fields: Fields): string[] {
  const { prompt } = fields;
  if (prompt === undefined || prompt === null) throw missingField('prompt');
  if (typeof prompt === 'string') return [prompt];
  const wrong = new RequestError(
    400,
    `prompt must be a string, a list of strings or a list of token ids.`,
    'prompt',
  );
  if (!Array.isArray(prompt) || prompt.length === 0) throw wrong;
  if (prompt.every((p) => typeof p === 'number')) return [prompt.map((id) => ` ${id}`).join('')];
  return prompt.map((p: unknown) => {
    if (typeof p === 'string') return p;
    if (Array.isArray(p)) return p.map((id) => ` ${String(id)}`).join('');
    throw wrong;
  });
}

/** Checks one request body as vLLM does. Throws RequestError. Pure. */
export function readRequest(
  kind: GenerationRequest['kind'],
  body: string,
  settings: Settings,
): GenerationRequest {
  let fields: Fields;
  try {
    fields = JSON.parse(body) as Fields;
  } catch (error) {
    throw new RequestError(
      400,
      `[{'type': 'json_invalid', 'loc': ('body', 0), 'msg': 'JSON decode error', 'ctx': {'error': '${(error as Error).message}'}}]`,
    );
  }
  if (typeof fields !== 'object' || fields === null || Array.isArray(fields))
    throw new RequestError(
      400,
      `[{'type': 'model_attributes_type', 'loc': ('body',), 'msg': 'Input should be a valid dictionary'}]`,
    );
  const prompts = kind === 'chat' ? [chatPrompt(fields)] : completionPrompts(fields);
  const model = typeof fields.model === 'string' ? fields.model : (settings.servedNames[0] ?? settings.model);
  if (!settings.servedNames.includes(model))
    throw new RequestError(404, `The model \`${model}\` does not exist.`, 'model');
  const asked = whole(fields, 'max_completion_tokens', 1) ?? whole(fields, 'max_tokens', 1);
  if (asked !== undefined && asked > settings.maxModelTokens)
    throw new RequestError(
      400,
      `'max_tokens' or 'max_completion_tokens' is too large: ${asked}. This model's maximum context length is ${settings.maxModelTokens} tokens.`,
      'max_tokens',
    );
  const { stop, stream_options: streamOptions } = fields;
  return {
    kind,
    model,
    prompts,
    n: Math.min(whole(fields, 'n', 1) ?? 1, 128),
    seed: whole(fields, 'seed', Number.MIN_SAFE_INTEGER) ?? 0,
    limit: asked ?? (kind === 'completion' ? 16 : undefined),
    ignoreEnd: fields.ignore_eos === true,
    stop: typeof stop === 'string' ? [stop] : Array.isArray(stop) ? stop.map(String) : [],
    stream: fields.stream === true,
    usageInStream: (streamOptions as Fields | null | undefined)?.include_usage === true,
    echo: kind === 'completion' && fields.echo === true,
  };
}
