import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { type Clock, sleep } from '../lib/clock.js';

/** How long a file must not have changed before it is believed: editors write in pieces. */
const quietMs = 60;

export const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 16);

/** Tells one state of a file from another without reading it; '' when it cannot be read. */
export async function signatureOf(file: string): Promise<string> {
  try {
    const { dev, ino, size, mtimeMs } = await stat(file);
    return `${dev}/${ino}/${size}/${mtimeMs}`;
  } catch {
    return '';
  }
}

/** The file's text once size, time and content have stood still for 60 ms; undefined when it is gone and stays gone as long. */
export async function readBelieved(file: string, clock: Clock): Promise<string | undefined> {
  let before = await look(file);
  for (;;) {
    await sleep(clock, quietMs);
    const now = await look(file);
    if (now.signature === before.signature && now.text === before.text) return now.text;
    before = now;
  }
}

async function look(file: string): Promise<{ signature: string; text: string | undefined }> {
  const signature = await signatureOf(file);
  if (signature === '') return { signature, text: undefined };
  try {
    return { signature, text: await readFile(file, 'utf8') };
  } catch {
    return { signature: '', text: undefined };
  }
}
