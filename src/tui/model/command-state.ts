/** A command line that an action stands for: what a person would type to do the same. */
export interface CommandRequest {
  /** Without the program's own name and the options that say which cluster. */
  readonly words: readonly string[];
  /** As it can be typed. */
  readonly text: string;
  /** What it does, for the question and the answer. */
  readonly what: string;
  /** It needs the terminal for itself. */
  readonly interactive: boolean;
}

/** A command that was run from here, with what it said. */
export interface CommandOutput {
  /** An answer to another one is ignored. */
  readonly id: number;
  readonly request: CommandRequest;
  readonly state: 'running' | 'ended';
  readonly exitCode: number;
  readonly lines: readonly string[];
}

/** What can be done from here. */
export interface Abilities {
  /** Whether commands can be run at all: of a recording and in tests they cannot. */
  readonly commands: boolean;
  /** Nothing may be changed from here. */
  readonly readOnly: boolean;
}
