import type { Meeting } from './group.js';

/** How one stand-in server was told to run. */
export interface Settings {
  readonly model: string;
  /** What clients may call the model; the first is shown. */
  readonly servedNames: readonly string[];
  readonly host: string | undefined;
  readonly port: number;
  /** A worker of a larger engine: runs, but serves nothing. */
  readonly headless: boolean;
  /** SGLang's command line: it has some routes of its own. */
  readonly isSglang: boolean;
  /** One of several pods that are one engine, which meet where the first of them listens. */
  readonly group: { readonly rank: number; readonly size: number; readonly meeting: Meeting } | undefined;
  readonly apiKey: string | undefined;
  readonly maxModelTokens: number;
  /** Requests generated at once; more of them wait. */
  readonly maxRunning: number;
  readonly startupMs: number;
  readonly msPerToken: number;
  /** Every flag as given, for the start lines. */
  readonly given: Readonly<Record<string, string | true>>;
  /** Flags without effect here. */
  readonly ignored: readonly string[];
}
