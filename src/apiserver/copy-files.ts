import { addAbortSignal } from 'node:stream';
import type { PodSessions } from '../api/pod-sessions.js';
import { AppError } from '../lib/app-error.js';
import { type Exchange, sendJson, writePiece } from './exchange.js';

/**
 * `/minithena/v1/files?namespace&pod&container&path`: GET is the file or folder as a tar archive, PUT unpacks one into a folder, with `stat=1` GET
 * says what stands there. It needs no tar in the container, nor that it runs.
 */
export async function copyFiles(sessions: PodSessions, exchange: Exchange): Promise<void> {
  const { query, method, request, response } = exchange;
  const [namespace, pod, path] = ['namespace', 'pod', 'path'].map((name) => query.get(name) ?? '');
  if (!namespace || !pod || !path?.startsWith('/'))
    throw new AppError('Usage', 'files: namespace, pod and an absolute path are needed');
  const container = query.get('container');
  const ref = { namespace, pod, ...(container && { container }) };
  if (method === 'PUT') {
    await sessions.writeArchive(ref, path, request);
    return sendJson(response, 200, {});
  }
  const facts = await sessions.statPath(ref, path);
  if (query.get('stat') === '1') return sendJson(response, 200, facts ?? {});
  if (!facts) throw new AppError('NotFound', `${path} does not exist in pod ${pod}`);
  const archive = addAbortSignal(exchange.signal, await sessions.readArchive(ref, path));
  response.writeHead(200, { 'content-type': 'application/x-tar' });
  for await (const piece of archive as AsyncIterable<Buffer>) await writePiece(exchange, piece);
  response.end();
}
