import { readFileSync } from 'node:fs';
import { Agent, request } from 'undici';
import { type ClusterAccess, parseKubeconfig } from '../api/parse-kubeconfig.js';
import { AppError, messageOf } from '../lib/app-error.js';
import { type ErrorCode, errorCodes } from '../lib/error-codes.js';

export interface Connection {
  /** A request and its JSON answer. Throws the AppError that the server told, or DaemonUnreachable. */
  call<T>(
    method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
    path: string,
    body?: unknown,
    type?: string,
  ): Promise<T>;
  /** A GET whose answer comes in pieces. */
  stream(path: string, signal: AbortSignal): Promise<AsyncIterable<Buffer>>;
  close(): Promise<void>;
}

/** Opens nothing yet: reads the kubeconfig and makes the agent. Throws DaemonUnreachable where there is no file. */
export function openConnection(kubeconfig: string, context?: string): Connection {
  const access = readAccess(kubeconfig, context);
  const token =
    access.token ??
    (access.tokenFile === undefined ? undefined : readFileSync(access.tokenFile, 'utf8').trim());
  const agent = new Agent({
    connect: {
      ...(access.ca && { ca: textOf(access.ca) }),
      ...(access.certificate && { cert: textOf(access.certificate) }),
      ...(access.key && { key: textOf(access.key) }),
      rejectUnauthorized: !access.insecure,
    },
    // A removal answers when the last container is gone, and a watch or log may be silent for hours.
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  const headers = {
    accept: 'application/json',
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
  };
  const send = async (options: Parameters<typeof request>[1] & { path: string }) => {
    const { path, ...rest } = options;
    try {
      return await request(`${access.server}${path}`, { ...rest, dispatcher: agent });
    } catch (error) {
      if (options.signal && (options.signal as AbortSignal).aborted) throw error;
      throw unreachable(access.server, error);
    }
  };
  async function* pieces(body: AsyncIterable<Buffer>, signal: AbortSignal): AsyncGenerator<Buffer> {
    try {
      yield* body;
    } catch (error) {
      if (signal.aborted) throw error;
      throw unreachable(access.server, error);
    }
  }
  return {
    async call<T>(
      method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
      path: string,
      body?: unknown,
      type = 'application/json',
    ) {
      const { statusCode, body: answer } = await send({
        path,
        method,
        headers: { ...headers, ...(body !== undefined && { 'content-type': type }) },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      const text = await answer.text().catch((error: unknown) => {
        throw unreachable(access.server, error);
      });
      if (statusCode >= 300) throw errorFrom(statusCode, text);
      return (text === '' ? {} : JSON.parse(text)) as T;
    },
    async stream(path, signal) {
      const { statusCode, body } = await send({ path, method: 'GET', headers, signal });
      if (statusCode >= 300) throw errorFrom(statusCode, await body.text());
      return pieces(body, signal);
    },
    close: () => agent.destroy(),
  };
}

function readAccess(kubeconfig: string, context: string | undefined): ClusterAccess {
  let text: string;
  try {
    text = readFileSync(kubeconfig, 'utf8');
  } catch (error) {
    throw new AppError('DaemonUnreachable', `no daemon has run here yet: ${messageOf(error)}`, {
      hint: 'start it with: minithena up FILE',
    });
  }
  return parseKubeconfig(text, context);
}

const textOf = (source: { data: string } | { file: string }): string =>
  'data' in source ? source.data : readFileSync(source.file, 'utf8');

const unreachable = (server: string, error: unknown): AppError => {
  const { code } = error as { code?: string };
  const why = code === 'ECONNREFUSED' ? 'nobody listens there' : messageOf(error);
  return new AppError('DaemonUnreachable', `the daemon does not answer at ${server}: ${why}`, {
    hint: 'start it with: minithena up FILE',
    cause: error,
  });
};

/** Restores the error that the server told; one of another server (a real cluster) by its status. */
function errorFrom(status: number, text: string): AppError {
  let told: { message?: string; details?: { minithena?: Told } } = {};
  try {
    told = JSON.parse(text) as typeof told;
  } catch {
    // Not a Status: the text itself is the message.
  }
  const own = told.details?.minithena;
  if (own && own.code in errorCodes) {
    const { code, message, hint, details } = own;
    return new AppError(code, message, { ...(hint !== undefined && { hint }), details: details ?? {} });
  }
  const codes: Record<number, ErrorCode> = {
    401: 'Unauthorized',
    404: 'NotFound',
    405: 'MethodNotAllowed',
    409: 'Conflict',
    410: 'Gone',
    422: 'SpecInvalid',
  };
  return new AppError(codes[status] ?? 'Failed', told.message ?? (text || `status ${status}`));
}

interface Told {
  code: ErrorCode;
  message: string;
  hint?: string;
  details?: Record<string, unknown>;
}
