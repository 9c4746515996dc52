import type { Clock } from '../../lib/clock.js';
import type { RecordedChange, Recording } from './recording-format.js';
import { stateAt } from './state-at.js';

export type Speed = number | 'max';
export interface PlayerStatus {
  readonly positionMs: number;
  readonly lengthMs: number;
  readonly speed: Speed;
  readonly paused: boolean;
  readonly ended: boolean;
}

/** How far a jump goes. */
const jumpMs = 10_000;
const speeds: readonly number[] = [0.25, 0.5, 1, 2, 4, 8, 16, 32, 64];

/**
 * Plays the changes of a recording by a clock at a speed. `tell` hears each change once, in order; after a way back,
 * everything that was there then. */
export function player(recording: Recording, clock: Clock, options: { speed: Speed; startMs: number }) {
  const { changes, lengthMs } = recording;
  let tell: (change: RecordedChange) => void = () => {};
  let next = 0;
  let { speed } = options;
  let paused = true;
  let positionMs = Math.min(options.startMs, lengthMs);
  let sinceMs = clock.now();
  let cancel = () => {};

  const isOver = () => next >= changes.length;
  const here = () =>
    paused || speed === 'max' ? positionMs : Math.min(lengthMs, positionMs + (clock.now() - sinceMs) * speed);
  const settle = () => {
    positionMs = here();
    sinceMs = clock.now();
  };
  /** Everything up to here, then sleeps until the next one is due. */
  const run = () => {
    cancel();
    settle();
    const untilMs = speed === 'max' && !paused ? lengthMs : positionMs;
    for (; next < changes.length && (changes[next]?.atMs ?? 0) <= untilMs; next++)
      tell(changes[next] as RecordedChange);
    if (isOver()) positionMs = lengthMs;
    else if (!paused && speed !== 'max') {
      const dueMs = changes[next]?.atMs ?? 0;
      cancel = clock.after(Math.ceil((dueMs - positionMs) / speed), run);
    }
  };
  /** Before that time (or at it) again: what is known is told anew, as after a watch that broke. */
  const goBack = (toMs: number) => {
    positionMs = Math.max(0, toMs);
    const passed = changes.findIndex((each) => each.atMs > positionMs);
    next = passed < 0 ? changes.length : passed;
    for (const each of stateAt(changes.slice(0, next))) tell(each);
  };
  const change = (edit: () => void) => {
    settle();
    edit();
    run();
  };
  return {
    status: (): PlayerStatus => ({ positionMs: here(), lengthMs, speed, paused, ended: isOver() }),
    /** Tells what was before the start at once, and goes on from there. */
    play(hear: (change: RecordedChange) => void): void {
      tell = hear;
      change(() => (paused = false));
    },
    togglePause: () => change(() => (paused = !paused)),
    /** To the next change, and stands there. */
    step: () =>
      change(() => {
        paused = true;
        positionMs = changes[next]?.atMs ?? lengthMs;
      }),
    /** To the change before, and stands there. */
    stepBack: () =>
      change(() => {
        paused = true;
        goBack(changes.findLast((each) => each.atMs < positionMs)?.atMs ?? 0);
      }),
    jumpBack: () => change(() => goBack(positionMs - jumpMs)),
    jumpOn: () => change(() => (positionMs = Math.min(lengthMs, positionMs + jumpMs))),
    faster: () =>
      change(
        () => (speed = speed === 'max' ? speed : (speeds.find((each) => each > Number(speed)) ?? 'max')),
      ),
    slower: () =>
      change(() => {
        const now = speed === 'max' ? Number.POSITIVE_INFINITY : speed;
        speed = speeds.findLast((each) => each < now) ?? now;
      }),
    stop: () => cancel(),
  };
}
export type Player = ReturnType<typeof player>;

/** 4x, 4, 0.5x or max; undefined when it is none. */
export function parseSpeed(text: string): Speed | undefined {
  if (text === 'max') return 'max';
  const value = Number(/^(\d+(?:\.\d+)?)x?$/.exec(text)?.[1]);
  return value > 0 && value <= 1000 ? value : undefined;
}
