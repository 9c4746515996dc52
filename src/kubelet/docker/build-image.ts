import { createReadStream, statSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { pack } from 'tar-stream';
import { AppError } from '../../lib/app-error.js';
import { connect, type EngineConnection } from './connect.js';
import { jsonLines } from './json-lines.js';
import { translated, translatedChunks, translateError } from './translate-error.js';

export interface ContextFile {
  /** Relative to the build context. */
  readonly path: string;
  readonly mode: number;
  readonly content?: Buffer;
  readonly sourcePath?: string;
}

export interface ImageBuilder {
  imageLabels(tag: string): Promise<Record<string, string> | undefined>;
  build(image: {
    tag: string;
    dockerfile: string;
    files: readonly ContextFile[];
    labels: Record<string, string>;
  }): Promise<void>;
}

/** Builds small images on the engine from files of this machine. Throws EngineRefused with the last words of a build that failed. */
export async function imageBuilder(connection: EngineConnection): Promise<ImageBuilder> {
  const docker = await translated(() => connect(connection));
  return {
    async imageLabels(tag) {
      try {
        const { Config } = await docker.getImage(tag).inspect();
        return (Config.Labels as Record<string, string> | null) ?? {};
      } catch (error) {
        const ours = translateError(error);
        if (ours.code === 'EngineNotFound') return undefined;
        throw ours;
      }
    },
    async build({ tag, dockerfile, files, labels }) {
      const context = pack();
      const filled = fill(context, dockerfile, files);
      filled.catch((error: unknown) => context.destroy(error as Error));
      const stream = (await translated(() =>
        docker.buildImage(context as unknown as NodeJS.ReadableStream, { t: tag, labels, forcerm: true }),
      )) as Readable;
      for await (const { error } of jsonLines<{ error?: string }>(
        translatedChunks(stream as AsyncIterable<Buffer>),
      )) {
        if (error !== undefined) throw new AppError('EngineRefused', `building ${tag} failed: ${error}`);
      }
      await filled;
    },
  };
}

async function fill(
  context: ReturnType<typeof pack>,
  dockerfile: string,
  files: readonly ContextFile[],
): Promise<void> {
  context.entry({ name: 'Dockerfile' }, dockerfile);
  for (const { path, mode, content, sourcePath } of files) {
    if (content) context.entry({ name: path, mode }, content);
    else if (sourcePath !== undefined) {
      const entry = context.entry({ name: path, mode, size: statSync(sourcePath).size });
      await pipeline(createReadStream(sourcePath), entry);
    }
  }
  context.finalize();
}
