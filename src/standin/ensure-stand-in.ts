import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { messageOf } from '../lib/app-error.js';
import type { Logger } from '../lib/logger.js';
import { standInImage } from '../lib/stand-in-image.js';
import {
  findServerFolder,
  type ImageFile,
  libraryFolders,
  machineFiles,
  serverFiles,
} from './image-files.js';

const contentLabel = 'minithena.dev/standin-content';

/** What building needs of an engine. */
export interface ImageBuilder {
  /** Labels of a local image; undefined when there is none of that name. */
  imageLabels(tag: string): Promise<Record<string, string> | undefined>;
  build(image: {
    tag: string;
    dockerfile: string;
    files: readonly ImageFile[];
    labels: Record<string, string>;
  }): Promise<void>;
}

interface Recipe {
  dockerfile: string;
  files: ImageFile[];
}

/** Memory is what limits how many run: a small heap, and one thread less for each kind that Node makes by default. */
const environment =
  'ENV NODE_OPTIONS="--max-old-space-size=32 --max-semi-space-size=1 --v8-pool-size=1" UV_THREADPOOL_SIZE=1';
const ending = ['EXPOSE 8000', 'ENTRYPOINT ["/bin/sh", "/standin/entry.sh"]', ''];

/** From nothing but this machine's own files. The RUN line makes /tmp and fails at once where this node cannot run. */
async function scratchRecipe(nodePath: string, server: readonly ImageFile[]): Promise<Recipe> {
  const machine = await machineFiles(nodePath);
  const dockerfile = [
    'FROM scratch',
    'COPY rootfs/ /',
    'ENV PATH=/usr/local/bin:/usr/bin:/bin HOME=/root',
    `ENV LD_LIBRARY_PATH=${libraryFolders(machine).join(':')}`,
    environment,
    `RUN ["/usr/local/bin/node", "-e", "for (const d of ['/root', '/tmp']) fs.mkdirSync(d, { recursive: true }); fs.chmodSync('/tmp', 0o1777)"]`,
    ...ending,
  ].join('\n');
  return { dockerfile, files: [...machine, ...server] };
}

/** On the official image: where this machine is not Linux, or its node does not run in the engine's containers. */
const officialRecipe = (server: readonly ImageFile[]): Recipe => ({
  dockerfile: ['FROM node:22-slim', 'COPY rootfs/ /', environment, ...ending].join('\n'),
  files: [...server],
});

/** Small files by content, large ones by identity: hashing a node binary would cost more than all other checks of a start. */
function hashOf({ dockerfile, files }: Recipe): string {
  const hash = createHash('sha256').update(dockerfile);
  for (const { path, mode, content, sourcePath } of files) {
    hash.update(`\0${path}\0${mode}\0`);
    if (content) hash.update(content);
    else if (sourcePath !== undefined) {
      const { size, mtimeMs } = statSync(sourcePath);
      hash.update(`${sourcePath} ${size} ${mtimeMs}`);
    }
  }
  return hash.digest('hex').slice(0, 24);
}

/**
 * Makes the stand-in image if the engine does not have this very one. On Linux no registry is needed: the image is this process's own node
 * with the libraries it needs. Throws what the builder throws when no way works.
 */
export async function ensureStandIn(options: {
  images: ImageBuilder;
  logger: Logger;
  /** For tests: another name, where the compiled server is, which node to take, and for which system. */
  tag?: string;
  serverFolder?: string;
  nodePath?: string;
  platform?: NodeJS.Platform;
}): Promise<{ tag: string; built: boolean }> {
  const { images, logger, tag = standInImage } = options;
  const { nodePath = process.execPath, platform = process.platform } = options;
  const folder = options.serverFolder ?? findServerFolder(dirname(fileURLToPath(import.meta.url)));
  const server = serverFiles(folder);
  const present = (await images.imageLabels(tag))?.[contentLabel];
  const make = async (recipe: Recipe) => {
    const content = hashOf(recipe);
    if (present === content) return false;
    logger.info({ image: tag }, 'building the stand-in image');
    await images.build({ tag, ...recipe, labels: { [contentLabel]: content } });
    return true;
  };
  const official = officialRecipe(server);
  // Once the official base had to be taken, the attempt without it is not repeated at every start.
  if (platform !== 'linux' || present === hashOf(official)) return { tag, built: await make(official) };
  try {
    return { tag, built: await make(await scratchRecipe(nodePath, server)) };
  } catch (error) {
    logger.warn(
      { error: messageOf(error) },
      'the stand-in image cannot hold this machine’s node; trying node:22-slim',
    );
    try {
      return { tag, built: await make(official) };
    } catch {
      throw error;
    }
  }
}
