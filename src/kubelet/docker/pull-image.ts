import type { Readable } from 'node:stream';
import type Docker from 'dockerode';
import { AppError } from '../../lib/app-error.js';
import type { PullOptions } from '../engine.js';
import { jsonLines } from './json-lines.js';
import { type PullLine, pullProgress } from './pull-progress.js';
import { translatedChunks, translateError } from './translate-error.js';

/** Pulls one image. Throws ImagePull with the engine's words, also when it says them only in the last line of a 200. */
export async function pullImage(docker: Docker, image: string, options: PullOptions): Promise<void> {
  let stream: Readable;
  try {
    stream = (await docker.pull(
      withTag(image),
      options.auth ? { authconfig: options.auth } : {},
    )) as unknown as Readable;
  } catch (error) {
    const translated = translateError(error);
    if (translated.code === 'EngineUnreachable') throw translated;
    throw new AppError('ImagePull', translated.message, { cause: error });
  }
  const stop = () => stream.destroy();
  options.signal?.addEventListener('abort', stop, { once: true });
  try {
    const add = pullProgress();
    for await (const line of jsonLines<PullLine & { error?: string }>(
      translatedChunks(stream as AsyncIterable<Buffer>),
    )) {
      if (line.error !== undefined) throw new AppError('ImagePull', line.error);
      const progress = add(line);
      options.onProgress?.(progress);
    }
  } finally {
    options.signal?.removeEventListener('abort', stop);
    stream.destroy();
  }
}

/** Without a tag the engine would pull every tag there is. */
const withTag = (image: string): string =>
  image.includes('@') || /:[^/]+$/.test(image) ? image : `${image}:latest`;
