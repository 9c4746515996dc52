/** In the place of whatever loads a model: makes the folder it would have filled, says so, and is done. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const words = process.argv.slice(2).flatMap((word) => word.split(/[\s"'=,()]+/));
const folderFlags = [
  '--local-dir',
  'local_dir',
  '--output-dir',
  '--output',
  '-o',
  '--local_dir',
  '--dest',
  '--cache-dir',
];
const named = words.findIndex((word) => folderFlags.includes(word));
const folder =
  named >= 0
    ? words[named + 1]
    : words.findLast((word) => /^\/[\w./-]+$/.test(word) && !/\/bin\//.test(word));
process.stdout.write(`stand-in: nothing is downloaded: ${process.argv.slice(2).join(' ')}\n`);
if (folder) {
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'MINITHENA_STAND_IN'), 'The stand-in needs no model.\n');
    process.stdout.write(`stand-in: ${folder} is there\n`);
  } catch (error) {
    process.stdout.write(
      `stand-in: ${folder} is left out: ${error instanceof Error ? error.message : String(error)}\n`,
    );
  }
}
