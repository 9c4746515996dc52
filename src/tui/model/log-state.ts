import type { Pod } from '../../api/types/resources.js';
import { isDrawnOver } from '../../lib/is-drawn-over.js';
import { cleanText } from '../text/clean-text.js';
import { type LogPattern, matches } from './log-pattern.js';
import type { LogPlace, LogTarget } from './log-target.js';
import { type Startup, startupAfter } from './startup.js';

/** Lines kept of all logs together; older ones are dropped, later when somebody is reading them. */
export const keptLogLines = 5000;
export const keptWhileRead = 20_000;
/** Characters kept of a line. */
export const longestLogLine = 10_000;

export interface LogLine {
  /** Epoch milliseconds, with fractions; 0: not known. */
  readonly atMs: number;
  /** Index of its stream. */
  readonly stream: number;
  readonly text: string;
  /** Every character takes one cell. */
  readonly isPlain: boolean;
}

/** The log of one container. */
export interface LogStream extends LogPlace {
  /** Identity of the container's run when the stream was opened: a new run is a reason to open it again. */
  readonly run: string;
  /** The beginning of a line whose end has not arrived. */
  readonly partial: string;
  readonly end: { readonly state: 'open' } | { readonly state: 'ended'; readonly message: string };
  /** Of its last line. */
  readonly lastMs: number;
  /** What is not younger was read before the stream was opened again. */
  readonly seenMs: number;
  readonly startup: Startup | undefined;
  /** Its container is not there any more. */
  readonly isGone: boolean;
}

export interface LogSearch {
  readonly pattern: LogPattern;
  /** The match that is looked at. */
  readonly at: LogLine | undefined;
}

/** The log on screen. A new `generation` is new streams: what still arrives of older ones is ignored. */
export interface LogState {
  readonly generation: number;
  readonly target: LogTarget;
  /** What `target` is a single container of, or the same. */
  readonly scope: LogTarget;
  /** In the order in which they joined. */
  readonly streams: readonly LogStream[];
  /** Containers of the target that are not read, because there are too many. */
  readonly leftOut: number;
  readonly previous: boolean;
  /** 0: whatever there is. */
  readonly sinceMinutes: number;
  readonly timestamps: boolean;
  readonly follow: boolean;
  readonly wrap: boolean;
  readonly left: number;
  /** By time. */
  readonly lines: readonly LogLine[];
  /** Lines that came and are not kept. */
  readonly dropped: number;
  readonly filter: LogPattern | undefined;
  readonly search: LogSearch | undefined;
}

/** What arrived of one stream; `skipped` lines before it came faster than they could be shown. */
export interface LogPiece {
  readonly stream: number;
  readonly text: string;
  readonly skipped: number;
}

/** The names of a pod's containers, init containers last (they are done when one looks). */
export const containersOf = (pod: Pod): string[] =>
  [...pod.spec.containers, ...(pod.spec.initContainers ?? [])].map((container) => container.name);

/** Changes whenever the container starts anew. */
export function runOf(pod: Pod | undefined, container: string): string {
  const statuses = [...(pod?.status?.containerStatuses ?? []), ...(pod?.status?.initContainerStatuses ?? [])];
  const status = statuses.find((each) => each.name === container);
  const state = status?.state?.waiting ? 'waiting' : (status?.containerID ?? '');
  return `${pod?.metadata.uid ?? ''} ${status?.restartCount ?? 0} ${state}`;
}

/** The log with what arrived, each line at its time: whole lines are cleaned and kept, what is drawn over is not. */
export function addToLog(logs: LogState, pieces: readonly LogPiece[]): LogState {
  const streams = [...logs.streams];
  const added: LogLine[] = [];
  let skipped = 0;
  for (const { stream: index, text, skipped: before } of pieces) {
    const stream = streams[index];
    if (!stream) continue;
    skipped += before;
    const parts = (stream.partial + text).split(/(?<=\n|\r(?!\n|$))/);
    if (parts.at(-1)?.endsWith('\n')) parts.push('');
    const partial = (parts.pop() ?? '').slice(0, longestPartial);
    streams[index] = takeLines({ ...stream, partial }, index, parts, added);
  }
  return keep({ ...logs, streams, dropped: logs.dropped + skipped }, added);
}
const longestPartial = 2 * longestLogLine;

/** The end of a stream; a line without its newline counts. */
export function endLog(logs: LogState, index: number, message: string): LogState {
  const stream = logs.streams[index];
  if (!stream) return logs;
  const added: LogLine[] = [];
  const rest = stream.partial === '' ? [] : [stream.partial];
  const ended: LogStream = { ...stream, partial: '', end: { state: 'ended', message } };
  const streams = logs.streams.with(index, takeLines(ended, index, rest, added));
  return keep({ ...logs, streams }, added);
}

/** Adds to `added` what the stream has not said before. A line ends with `\n`, or with `\r` where another one begins over it. */
function takeLines(stream: LogStream, index: number, lines: readonly string[], added: LogLine[]): LogStream {
  let { lastMs, startup } = stream;
  for (const line of lines) {
    const { atMs, text } = stampOf(withoutEnd(line), lastMs);
    const kept = cleanText(text.length > longestLogLine ? `${text.slice(0, longestLogLine)} ...` : text);
    startup = startupAfter(startup, kept, atMs);
    if (atMs !== 0 && atMs <= stream.seenMs) continue;
    // In a log, order counts more than a clock that was set back.
    lastMs = Math.max(lastMs, atMs);
    if (line.endsWith('\r') && isDrawnOver(kept)) continue;
    added.push({ atMs: lastMs, stream: index, text: kept, isPlain: /^[\x20-\x7e]*$/.test(kept) });
  }
  return { ...stream, lastMs, startup };
}

const withoutEnd = (line: string): string => {
  const end = line.endsWith('\r\n') ? 2 : /[\r\n]$/.test(line) ? 1 : 0;
  return end === 0 ? line : line.slice(0, -end);
};

/** The time that the line begins with, without it; else that of the line before. */
function stampOf(line: string, beforeMs: number): { atMs: number; text: string } {
  const found = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d+)?(Z|[+-]\d\d:\d\d) ?/.exec(line);
  if (!found) return { atMs: beforeMs, text: line };
  const [stamp, second = '', fraction = '', zone = ''] = found;
  return { atMs: Date.parse(second + zone) + Number(`0${fraction}`) * 1000, text: line.slice(stamp.length) };
}

function keep(logs: LogState, added: LogLine[]): LogState {
  if (added.length === 0) return logs;
  const lines = mergeByTime(logs.lines, added);
  const surplus = Math.max(0, lines.length - (logs.follow ? keptLogLines : keptWhileRead));
  return { ...logs, lines: surplus ? lines.slice(surplus) : lines, dropped: logs.dropped + surplus };
}

/** Only the end of what is there can be younger than what comes. */
function mergeByTime(lines: readonly LogLine[], added: LogLine[]): LogLine[] {
  added.sort((a, b) => a.atMs - b.atMs);
  const first = added[0]?.atMs ?? 0;
  let from = lines.length;
  while (from > 0 && (lines[from - 1]?.atMs ?? 0) > first) from -= 1;
  if (from === lines.length) return [...lines, ...added];
  return [...lines.slice(0, from), ...[...lines.slice(from), ...added].sort((a, b) => a.atMs - b.atMs)];
}

/** Lines that the filter lets through. */
export function shownLogLines({ lines, filter }: LogState): readonly LogLine[] {
  return filter ? lines.filter((line) => matches(filter, line.text)) : lines;
}
