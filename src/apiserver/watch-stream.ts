import { cutOff, type Reply } from './exchange.js';

/** What may wait for a client that reads too slowly, before it is cut off. */
const longestBacklogBytes = 16 * 1024 * 1024;
const longestBacklogLines = 4096;

/**
 * The lines of one watch, sent no faster than its client reads. What exists at the start is made into text line by line as the client takes it,
 * so that it costs no memory here; what changes meanwhile waits behind it, within bounds: beyond them the connection is cut, and the client lists
 * again.
 */
export function watchStream(response: Reply, initial: Iterable<string>) {
  const first = initial[Symbol.iterator]();
  let listing = true;
  let waiting: string[] = [];
  let sent = 0;
  let waitingLength = 0;
  let ending = false;
  let isFull = false;
  let hasGone = false;

  const next = (): string | undefined => {
    if (listing) {
      const { done, value } = first.next();
      if (!done) return value;
      listing = false;
    }
    const line = waiting[sent];
    if (line === undefined) {
      if (sent > 0) waiting = [];
      sent = 0;
      return undefined;
    }
    sent += 1;
    waitingLength -= line.length;
    return line;
  };
  const pump = () => {
    while (!hasGone && !isFull) {
      const line = next();
      if (line === undefined) break;
      isFull = !response.write(line);
    }
  };
  response.on('drain', () => {
    isFull = false;
    pump();
  });
  response.on('close', () => {
    hasGone = true;
  });

  return {
    send(line: string) {
      if (hasGone || ending) return;
      waiting.push(line);
      waitingLength += line.length;
      pump();
      if (waitingLength > longestBacklogBytes || waiting.length - sent > longestBacklogLines)
        cutOff(response);
    },
    /** Ends it cleanly with what was sent so far, and `last` when nothing waits: the client goes on from what it has heard. */
    end(last?: string) {
      pump();
      ending = true;
      if (last !== undefined && !listing && waiting.length === 0) response.write(last);
      response.end();
    },
    /** Begins, if nothing was sent yet. */
    begin: pump,
  };
}
