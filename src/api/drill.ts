/** A fault that is made on purpose, on one container of a Pod that the daemon runs. */
export interface DrillRequest {
  readonly kind: DrillKind;
  readonly namespace: string;
  readonly pod: string;
  /** Absent: the one that is meant by default. */
  readonly container?: string;
  /** How long a pause or an unreadiness lasts. */
  readonly forMs?: number;
  /** What the end is told as; for `exit`. */
  readonly code?: number;
  /** Why this Pod, for the event: "seed 7, round 2". */
  readonly note?: string;
}

export const drillKinds = ['kill', 'stop', 'pause', 'oom', 'unready', 'exit'] as const;
export type DrillKind = (typeof drillKinds)[number];

export interface DrillOutcome {
  /** ChaosKill, ChaosStop, … */
  readonly reason: string;
  readonly message: string;
}

/** A pause or an unreadiness that nobody gave a length. */
export const defaultDrillMs = 30_000;

export const isDrillKind = (word: unknown): word is DrillKind => drillKinds.includes(word as DrillKind);
