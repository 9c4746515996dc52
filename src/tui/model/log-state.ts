import type { Pod } from '../../api/types/resources.js';
import { cleanText } from '../text/clean-text.js';

/** Lines kept of one log; older ones are dropped. */
export const keptLogLines = 5000;

/** The log on screen. A new `generation` is a new stream: what still arrives of an older one is ignored. */
export interface LogState {
  readonly generation: number;
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  readonly previous: boolean;
  readonly timestamps: boolean;
  readonly follow: boolean;
  readonly wrap: boolean;
  readonly left: number;
  readonly lines: readonly string[];
  /** The beginning of a line whose end has not arrived. */
  readonly partial: string;
  readonly dropped: number;
  readonly end: { readonly state: 'open' } | { readonly state: 'ended'; readonly message: string };
  /** Identity of the container's run when the stream was opened: a new run is a reason to open it again. */
  readonly run: string;
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

/** The log with a piece of text added: whole lines are cleaned and kept, `\r` ends a line like `\n`. */
export function appendLog(logs: LogState, text: string): LogState {
  const pieces = (logs.partial + text).split(/\r\n|\n|\r(?!$)/);
  const partial = pieces.pop() ?? '';
  return keepLast(logs, pieces.map(cleanText), partial);
}

/** The stream's end; a line without its newline counts. */
export function endLog(logs: LogState, message: string): LogState {
  const rest = logs.partial === '' ? [] : [cleanText(logs.partial)];
  return { ...keepLast(logs, rest, ''), end: { state: 'ended', message } };
}

function keepLast(logs: LogState, added: readonly string[], partial: string): LogState {
  const all = added.length === 0 ? logs.lines : [...logs.lines, ...added];
  const surplus = Math.max(0, all.length - keptLogLines);
  return { ...logs, lines: surplus ? all.slice(surplus) : all, partial, dropped: logs.dropped + surplus };
}

/** Lines that the filter lets through. */
export function shownLogLines(logs: LogState, filter: string): readonly string[] {
  if (filter === '') return logs.lines;
  const wanted = filter.toLowerCase();
  return logs.lines.filter((line) => line.toLowerCase().includes(wanted));
}
