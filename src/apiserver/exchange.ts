import type { IncomingMessage, ServerResponse } from 'node:http';
import { AppError } from '../lib/app-error.js';
import { parseYaml } from '../lib/yaml/parse-yaml.js';
import { readProtobufBody } from './protobuf/read-protobuf-body.js';
import { refuseDepth } from './refuse-depth.js';

/** One request on its way through a handler. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly method: string;
  readonly query: URLSearchParams;
  /** What the route's pattern caught, decoded. */
  readonly params: Readonly<Record<string, string>>;
  /** Aborts when the client has gone. */
  readonly signal: AbortSignal;
}

/** Where a request goes. A path that begins with two slashes is still a path here, not another host. Throws Usage for what is none. */
export function urlOf({ url = '/' }: IncomingMessage): URL {
  try {
    return url.startsWith('/') ? new URL(`https://localhost${url}`) : new URL(url);
  } catch {
    throw new AppError('Usage', `this is no path: ${url}`);
  }
}

/** A part of a path. Throws Usage. */
export function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw new AppError('Usage', `the path has a malformed part: ${segment}`);
  }
}

/** Whether a query parameter says yes: as Kubernetes reads it, whatever is there and does not say no. */
export const isSet = (query: URLSearchParams, name: string): boolean =>
  query.has(name) && !['0', 'false'].includes((query.get(name) ?? '').toLowerCase());

/** A query parameter that counts something; undefined when it is not there. Throws Usage for what is no whole number from 0 on. */
export function countIn(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  if (text === null) return undefined;
  if (!/^\d{1,15}$/.test(text))
    throw new AppError('Usage', `${name}: "${text}" is not a whole number from 0 on`);
  return Number(text);
}

/** Bytes; as a real server takes. */
const longestBody = 3 * 1024 * 1024;

const isProtobuf = /^application\/vnd\.kubernetes\.protobuf/;

/** The request's body, JSON, YAML or protobuf as it says; `{}` when there is none. Throws Usage, RequestTooLarge, UnsupportedMediaType. */
export async function readBody(request: IncomingMessage): Promise<unknown> {
  const type = request.headers['content-type'] ?? '';
  if (type.startsWith('application/cbor'))
    throw new AppError(
      'UnsupportedMediaType',
      'the body of the request was in an unknown format - accepted media types include: application/json, application/yaml, application/vnd.kubernetes.protobuf',
    );
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > longestBody)
      throw new AppError('RequestTooLarge', `Request entity too large: limit is ${longestBody}`);
    chunks.push(chunk);
  }
  const bytes = Buffer.concat(chunks);
  if (isProtobuf.test(type)) return readProtobufBody(bytes);
  const text = bytes.toString('utf8');
  const body = /yaml/.test(type) ? (parseYaml(text) ?? {}) : parseJson(text);
  refuseDepth(body);
  return body;
}

function parseJson(text: string): unknown {
  try {
    return text === '' ? {} : JSON.parse(text);
  } catch {
    throw new AppError('Usage', 'the request body is not JSON', { hint: 'send JSON' });
  }
}

export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  contentType = 'application/json',
): void {
  sendText(response, status, `${JSON.stringify(body)}\n`, contentType);
}

export function sendText(
  response: ServerResponse,
  status: number,
  text: string,
  contentType = 'application/json',
): void {
  response.writeHead(status, {
    'content-type': contentType,
    'content-length': Buffer.byteLength(text),
  });
  response.end(text);
}

/** Writes a piece of a stream; resolves when the client can take more, or has gone. */
export function writePiece({ response, signal }: Exchange, piece: string | Uint8Array): Promise<void> {
  if (signal.aborted || response.write(piece)) return Promise.resolve();
  return new Promise((resolve) => {
    const done = () => {
      response.off('drain', done);
      signal.removeEventListener('abort', done);
      resolve();
    };
    response.once('drain', done);
    signal.addEventListener('abort', done);
  });
}
