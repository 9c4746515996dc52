import type { CliClient } from './cli-client.js';
import type { Output } from './output.js';

/** The options that every command has. */
export interface GlobalOptions {
  readonly cluster: string;
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly namespace?: string;
  readonly color?: boolean;
  readonly ascii?: boolean;
}

/** What a command works with; everything that reaches outside the process comes in here, so that tests can hand in their own. */
export interface CliContext {
  readonly options: GlobalOptions;
  readonly output: Output;
  readonly env: NodeJS.ProcessEnv;
  /** Aborts on Ctrl-C. */
  readonly signal: AbortSignal;
  now(): number;
  /** Connects once; the same client afterwards. Throws DaemonUnreachable. */
  client(): Promise<CliClient>;
  /** -n, or `default`. */
  readonly namespace: string;
}
