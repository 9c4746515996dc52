import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import { AppError } from '../lib/app-error.js';
import { duplicateJsonKeys } from '../lib/duplicate-json-keys.js';
import { parseYaml } from '../lib/yaml/parse-yaml.js';
import { asTold } from './as-told.js';
import { rememberJsonDuplicates, rememberYamlDuplicates } from './duplicate-fields.js';
import { readProtobufBody } from './protobuf/read-protobuf-body.js';
import { refuseDepth } from './refuse-depth.js';

/** What is used of a request, and has the same name in HTTP/1.1 and HTTP/2. */
export type Request = Readable & {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  readonly headers: IncomingHttpHeaders & { readonly ':authority'?: string | undefined };
};

/** What is used of a reply, and has the same name in HTTP/1.1 and HTTP/2. */
export interface Reply {
  statusCode: number;
  readonly headersSent: boolean;
  setHeader(name: string, value: string | number | string[]): unknown;
  writeHead(status: number, headers: Record<string, string | number>): unknown;
  flushHeaders(): void;
  write(piece: string | Uint8Array): boolean;
  end(text?: string | Uint8Array): unknown;
  destroy(error: Error): unknown;
  on(event: 'close' | 'drain', listener: () => void): unknown;
  off(event: 'close' | 'drain', listener: () => void): unknown;
}

/** One request on its way through a handler. */
export interface Exchange {
  readonly request: Request;
  readonly response: Reply;
  readonly method: string;
  readonly query: URLSearchParams;
  /** What the route's pattern caught, decoded. */
  readonly params: Readonly<Record<string, string>>;
  /** Aborts when the client has gone. */
  readonly signal: AbortSignal;
}

/** Where a request goes. A path that begins with two slashes is still a path here, not another host. Throws Usage for what is none. */
export function urlOf({ url = '/' }: Pick<Request, 'url'>): URL {
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

/** The last one is YAML's older name. */
const readTypes: ReadonlySet<string> = new Set([
  'application/json',
  'application/yaml',
  'application/vnd.kubernetes.protobuf',
  'application/x-yaml',
]);
const isProtobuf = /^application\/vnd\.kubernetes\.protobuf/;

/** The request's body, JSON, YAML or protobuf as it says; undefined when there is none. Throws Usage, RequestTooLarge, UnsupportedMediaType. */
export async function readBody(request: Request): Promise<unknown> {
  const type = request.headers['content-type'] ?? '';
  // A PATCH says by its type what it is, and is judged where it is applied.
  if (
    request.method !== 'PATCH' &&
    type !== '' &&
    !readTypes.has((type.split(';')[0] ?? '').trim().toLowerCase())
  )
    throw new AppError(
      'UnsupportedMediaType',
      'the body of the request was in an unknown format - accepted media types include: application/json, application/yaml, application/vnd.kubernetes.protobuf',
    );
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    // Read to its end, so that its sender gets to hear what is wrong with it.
    if (size > longestBody) chunks.length = 0;
    else chunks.push(chunk);
  }
  if (size > longestBody)
    throw new AppError('RequestTooLarge', `Request entity too large: limit is ${longestBody}`);
  const bytes = Buffer.concat(chunks);
  if (isProtobuf.test(type)) return readProtobufBody(bytes);
  const text = bytes.toString('utf8');
  if (text === '') return undefined;
  const body = /yaml/.test(type) ? fromYaml(request, text) : fromJson(request, text);
  refuseDepth(body);
  return body;
}

function fromYaml(request: Request, text: string): unknown {
  const { value, duplicates } = parseYaml(text);
  rememberYamlDuplicates(request, duplicates);
  return value;
}

function fromJson(request: Request, text: string): unknown {
  try {
    const value = JSON.parse(text) as unknown;
    rememberJsonDuplicates(request, duplicateJsonKeys(text));
    return value;
  } catch {
    throw new AppError('Usage', 'the request body is not JSON', { hint: 'send JSON' });
  }
}

export function sendJson(
  response: Reply,
  status: number,
  body: unknown,
  contentType = 'application/json',
): void {
  sendText(
    response,
    status,
    `${JSON.stringify(typeof body === 'object' && body ? asTold(body) : body)}\n`,
    contentType,
  );
}

export function sendText(
  response: Reply,
  status: number,
  text: string | Uint8Array,
  contentType = 'application/json',
): void {
  response.writeHead(status, {
    'content-type': contentType,
    'content-length': Buffer.byteLength(text),
  });
  response.end(text);
}

/** Ends a reply that is not whole so that its client sees that it is not. */
export const cutOff = (response: Reply): void => void response.destroy(new Error('the reply was cut off'));

/** Writes a piece of a stream; resolves when the client can take more, or has gone. */
export function writePiece({ response, signal }: Exchange, piece: string | Uint8Array): Promise<void> {
  if (signal.aborted || response.write(piece)) return Promise.resolve();
  return new Promise((resolve) => {
    const done = () => {
      response.off('drain', done);
      signal.removeEventListener('abort', done);
      resolve();
    };
    response.on('drain', done);
    signal.addEventListener('abort', done);
  });
}
