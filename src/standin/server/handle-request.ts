import type { IncomingMessage, ServerResponse } from 'node:http';
import { answerRequest, requestSlots } from './answer-request.js';
import { generateForSglang } from './generate-for-sglang.js';
import type { Metrics } from './metrics.js';
import { readRequest } from './read-request.js';
import { RequestError } from './request-error.js';
import type { Settings } from './settings.js';
import { standInVersion } from './stand-in-version.js';

const largestBodyBytes = 4 * 2 ** 20;

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > largestBodyBytes) throw new RequestError(413, 'The request body is too large.');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function send(response: ServerResponse, status: number, body: unknown): void {
  if (response.destroyed) return;
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

/** The routes of vLLM's OpenAI-compatible server that clients, probes and scrapers use. */
export function requestHandler(settings: Settings, metrics: Metrics) {
  const slots = requestSlots(settings.maxRunning, metrics);
  const createdSeconds = Math.floor(Date.now() / 1000);
  const card = (id: string) => ({
    id,
    object: 'model',
    created: createdSeconds,
    owned_by: 'vllm',
    root: settings.model,
    parent: null,
    max_model_len: settings.maxModelTokens,
    permission: [],
  });
  const generate =
    (kind: 'chat' | 'completion') => async (request: IncomingMessage, response: ServerResponse) => {
      const wanted = readRequest(kind, await bodyOf(request), settings);
      await answerRequest(wanted, response, { settings, metrics, slots });
    };
  const empty = (_request: IncomingMessage, response: ServerResponse) => void response.writeHead(200).end();
  type Route = (request: IncomingMessage, response: ServerResponse) => unknown;
  const sglangRoutes = {
    '/health_generate': { GET: empty },
    '/get_model_info': {
      GET: (_q: IncomingMessage, response: ServerResponse) =>
        send(response, 200, {
          model_path: settings.model,
          tokenizer_path: settings.model,
          is_generation: true,
        }),
    },
    '/get_server_info': {
      GET: (_q: IncomingMessage, response: ServerResponse) => send(response, 200, settings.given),
    },
    '/generate': {
      POST: async (request: IncomingMessage, response: ServerResponse) =>
        send(response, 200, generateForSglang(await bodyOf(request), settings)),
    },
  };
  const routes: Readonly<Record<string, Partial<Record<string, Route>>>> = {
    '/health': { GET: empty },
    '/ping': { GET: empty, POST: empty },
    '/version': { GET: (_q, response) => send(response, 200, { version: standInVersion }) },
    '/v1/models': {
      GET: (_q, response) => send(response, 200, { object: 'list', data: settings.servedNames.map(card) }),
    },
    '/metrics': {
      GET: (_q, response) => {
        response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' });
        response.end(metrics.text());
      },
    },
    ...(settings.isSglang ? sglangRoutes : {}),
    '/v1/completions': { POST: generate('completion') },
    '/v1/chat/completions': { POST: generate('chat') },
  };

  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = (request.url ?? '/').split('?')[0] ?? '/';
    const methods = routes[path];
    const method = request.method === 'HEAD' ? 'GET' : (request.method ?? 'GET');
    const route = methods?.[method];
    try {
      const open = settings.apiKey === undefined || !path.startsWith('/v1');
      if (!open && request.headers.authorization !== `Bearer ${settings.apiKey}`) {
        return send(response, 401, { error: 'Unauthorized' });
      }
      if (!methods) return send(response, 404, { detail: 'Not Found' });
      if (!route) return send(response, 405, { detail: 'Method Not Allowed' });
      await route(request, response);
    } catch (error) {
      const known = error instanceof RequestError ? error : new RequestError(500, String(error));
      if (response.headersSent) response.destroy();
      else send(response, known.status, known.body());
    }
  };
}
