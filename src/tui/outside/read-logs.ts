import type { LogPiece } from '../model/log-state.js';
import type { Effect } from '../model/model.js';
import type { TuiClient } from '../tui-client.js';

/** What of all logs together can wait for the next frame, characters; of more, only the end is kept. */
const mostPending = 1_000_000;
/** Lines that are asked for at first, of all logs together; with a span of time more, since it bounds them too. */
const firstLines = 2000;

export interface LogReader {
  open(wanted: Extract<Effect, { type: 'openLog' }>): void;
  /** Ends all streams; what waits of them is gone. */
  close(): void;
  /** What has arrived since the last time. */
  take(): { readonly generation: number; readonly pieces: readonly LogPiece[] };
}

/** Follows logs side by side. What they say waits until it is taken, within bounds; `onEnd` hears '' of a log that ended well. */
export function readLogs(options: {
  client: Pick<TuiClient, 'logs'>;
  onNews(): void;
  onEnd(generation: number, stream: number, error: unknown): void;
}): LogReader {
  const { client, onNews, onEnd } = options;
  let stop = new AbortController();
  let generation = 0;
  let pending = new Map<number, { text: string; skipped: number }>();

  async function read(wanted: Extract<Effect, { type: 'openLog' }>, signal: AbortSignal): Promise<void> {
    const { stream, place, previous, sinceMinutes, among } = wanted;
    const request = {
      ...place,
      previous,
      timestamps: true,
      follow: !previous,
      tail: Math.max(100, Math.floor((sinceMinutes > 0 ? 5 : 1) * (firstLines / among))),
      ...(sinceMinutes > 0 && { sinceSeconds: sinceMinutes * 60 }),
    };
    let failure: unknown;
    try {
      for await (const text of client.logs(request, signal)) {
        if (signal.aborted) return;
        const before = pending.get(stream) ?? { text: '', skipped: 0 };
        pending.set(stream, endOf(before.text + text, before.skipped, mostPending / among));
        onNews();
      }
    } catch (error) {
      failure = error;
    }
    if (!signal.aborted) onEnd(wanted.generation, stream, failure);
  }

  return {
    open(wanted) {
      generation = wanted.generation;
      void read(wanted, stop.signal);
    },
    close() {
      stop.abort();
      stop = new AbortController();
      pending = new Map();
    },
    take() {
      const pieces = [...pending].map(([stream, piece]) => ({ stream, ...piece }));
      pending = new Map();
      return { generation, pieces };
    },
  };
}

/** The end of a text that is too long, from the beginning of a line on where there is one, and how many lines are gone. */
function endOf(text: string, skipped: number, most: number): { text: string; skipped: number } {
  // Not at every piece: copying costs.
  if (text.length <= 2 * most) return { text, skipped };
  const newline = text.indexOf('\n', text.length - most);
  const from = newline < 0 ? text.length - most : newline + 1;
  let lines = 0;
  for (let at = text.indexOf('\n'); at >= 0 && at < from; at = text.indexOf('\n', at + 1)) lines += 1;
  return { text: text.slice(from), skipped: skipped + lines };
}
