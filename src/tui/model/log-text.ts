import { type LogState, type LogStream, shownLogLines } from './log-state.js';

/** What each line of a log begins with, by stream: the pod, and its container where a pod has several; '' for a single stream. */
export function streamNames({ streams }: Pick<LogState, 'streams'>): string[] {
  if (streams.length < 2) return streams.map(() => '');
  const podOf = ({ namespace, pod }: LogStream) => `${namespace}/${pod}`;
  const seen = streams.map(podOf);
  const hasSeveral = new Set(seen.filter((pod, index) => seen.indexOf(pod) !== index));
  const hasOneNamespace = new Set(streams.map((stream) => stream.namespace)).size === 1;
  return streams.map((stream) => {
    const pod = hasOneNamespace ? stream.pod : podOf(stream);
    return hasSeveral.has(podOf(stream)) ? `${pod}/${stream.container}` : pod;
  });
}

/** `02:52:07.718Z`; '' for a time that is not known. */
export const timeWord = (atMs: number): string => (atMs === 0 ? '' : new Date(atMs).toISOString().slice(11));

/** The lines that are shown, for a file: as on screen, with whole times. */
export function logAsText(logs: LogState): string {
  const names = streamNames(logs);
  return shownLogLines(logs)
    .map(({ atMs, stream, text }) => {
      const time = logs.timestamps && atMs !== 0 ? `${new Date(atMs).toISOString()} ` : '';
      const name = names[stream] ? `[${names[stream]}] ` : '';
      return `${time}${name}${text}\n`;
    })
    .join('');
}
