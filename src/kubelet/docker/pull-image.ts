import type { Readable } from 'node:stream';
import type Docker from 'dockerode';
import { AppError } from '../../lib/app-error.js';
import { jsonLines } from './json-lines.js';
import { translatedChunks, translateError } from './translate-error.js';

interface Progress {
  status?: string;
  id?: string;
  progress?: string;
  error?: string;
}

/** Pulls one image. Throws ImagePull with the engine's words, also when it says them only in the last line of a 200. */
export async function pullImage(
  docker: Docker,
  image: string,
  options: { onProgress?: (text: string) => void; signal?: AbortSignal },
): Promise<void> {
  let stream: Readable;
  try {
    stream = (await docker.pull(withTag(image))) as unknown as Readable;
  } catch (error) {
    const translated = translateError(error);
    if (translated.code === 'EngineUnreachable') throw translated;
    throw new AppError('ImagePull', translated.message, { cause: error });
  }
  const stop = () => stream.destroy();
  options.signal?.addEventListener('abort', stop, { once: true });
  try {
    for await (const { status, id, progress, error } of jsonLines<Progress>(
      translatedChunks(stream as AsyncIterable<Buffer>),
    )) {
      if (error !== undefined) throw new AppError('ImagePull', error);
      options.onProgress?.([id, status, progress].filter(Boolean).join(' '));
    }
  } finally {
    options.signal?.removeEventListener('abort', stop);
    stream.destroy();
  }
}

/** Without a tag the engine would pull every tag there is. */
const withTag = (image: string): string =>
  image.includes('@') || /:[^/]+$/.test(image) ? image : `${image}:latest`;
