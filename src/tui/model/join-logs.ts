import { type LogStream, runOf } from './log-state.js';
import { type LogPlace, placesOf } from './log-target.js';
import type { Effect, Model } from './model.js';
import { only, type Step } from './step.js';

/** Logs that are read at a time; each is a connection. */
export const mostStreams = 40;

/**
 * Reads containers that are new in what the log is of, and those that run anew, below what is there. After `isBack` (the daemon or its engine was
 * away) also those whose streams ended meanwhile: what was read of them before is not shown again.
 */
export function joinLogs(model: Model, isBack = false): Step {
  const { logs } = model;
  if (!logs) return only(model);
  const { generation, previous, sinceMinutes } = logs;
  const places = placesOf(model.data, logs.target);
  const streams = logs.streams.map((stream) => {
    const isGone = !places.some((place) => isSame(place, stream));
    return isGone === stream.isGone ? stream : { ...stream, isGone };
  });
  const effects: Effect[] = [];
  for (const place of places) {
    const run = runOf(model.data.pods.get(`${place.namespace}/${place.pod}`), place.container);
    const known = streams.findIndex((stream) => isSame(place, stream));
    const before = streams[known];
    if (before ? !isToReopen(before, run) : streams.filter(isThere).length >= mostStreams) continue;
    const stream = known < 0 ? streams.length : known;
    streams[stream] = opened(place, run, before);
    effects.push({
      type: 'openLog',
      generation,
      stream,
      place,
      previous,
      sinceMinutes,
      among: places.length,
    });
  }
  const leftOut = places.length - streams.filter(isThere).length;
  const isAsBefore =
    leftOut === logs.leftOut &&
    streams.length === logs.streams.length &&
    streams.every((stream, index) => stream === logs.streams[index]);
  return isAsBefore ? only(model) : { model: { ...model, logs: { ...logs, streams, leftOut } }, effects };

  function isToReopen({ end, run }: LogStream, runNow: string): boolean {
    if (end.state === 'open' || previous || model.connection.state !== 'live') return false;
    return run !== runNow || isBack;
  }
}

const isThere = (stream: LogStream): boolean => !stream.isGone;

const isSame = (a: LogPlace, b: LogPlace): boolean =>
  a.container === b.container && a.pod === b.pod && a.namespace === b.namespace;

function opened(place: LogPlace, run: string, before: LogStream | undefined): LogStream {
  const lastMs = before?.lastMs ?? 0;
  return {
    ...place,
    run,
    partial: '',
    end: { state: 'open' },
    lastMs,
    seenMs: lastMs,
    // Another run is another server.
    startup: before?.run === run ? before.startup : undefined,
    isGone: false,
  };
}
