import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import type { PlannedServing } from '../../api/control-types.js';
import { type Draft, draftFiles } from '../model/draft.js';

/**
 * Looks every `everyMs` for a draft of the file and tells what it would cause, when its text or what runs (`basis`) has changed. Resolves when the
 * signal aborts.
 */
export async function followDraft(options: {
  file: string;
  everyMs: number;
  basis(): string;
  plan(text: string): Promise<readonly PlannedServing[]>;
  words(error: unknown): string;
  tell(draft: Draft): void;
  signal: AbortSignal;
}): Promise<void> {
  const { file, everyMs, basis, plan, words, tell, signal } = options;
  let last: string | undefined;
  while (!signal.aborted) {
    const found = await firstOf(draftFiles(file));
    const now = JSON.stringify([found, basis()]);
    if (now !== last) {
      last = now;
      const draft = found
        ? { file, from: found.from, outcome: await outcomeOf(found) }
        : ({ file, from: '', outcome: { state: 'waiting' } } as const);
      if (!signal.aborted) tell(draft);
    }
    await pause(everyMs, undefined, { signal }).catch(() => undefined);
  }

  async function outcomeOf({ from, text }: { from: string; text: string }): Promise<Draft['outcome']> {
    try {
      return { state: 'planned', plans: await plan(text) };
    } catch (error) {
      // It is judged as the file that it would become; the place is in the draft.
      return { state: 'refused', message: words(error).replaceAll(`${file}:`, `${from}:`) };
    }
  }
}

async function firstOf(files: readonly string[]): Promise<{ from: string; text: string } | undefined> {
  for (const from of files) {
    const text = await readFile(from, 'utf8').catch(() => undefined);
    if (text !== undefined) return { from, text };
  }
  return undefined;
}
