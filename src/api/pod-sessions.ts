import type { Socket } from 'node:net';
import type { Readable } from 'node:stream';

/** A container of a Pod; without a name the one that the Pod names as its default, else the first. */
export interface ContainerRef {
  readonly namespace: string;
  readonly pod: string;
  readonly container?: string;
}

export interface ExecOptions {
  command: readonly string[];
  tty: boolean;
  stdin: boolean;
}
export interface ExecSession {
  /** stdout and stderr as they come; with a terminal all is stdout. Ends when the command closed both. */
  readonly output: AsyncIterable<{ stream: 'stdout' | 'stderr'; data: Uint8Array }>;
  /** Resolves when the engine took the bytes. */
  write(data: Uint8Array): Promise<void>;
  endInput(): void;
  /** Only with a terminal; ignored else. */
  resize(columns: number, rows: number): Promise<void>;
  /** After `output` ended. */
  exitCode(): Promise<number>;
  close(): void;
}

/** What stands at a path of a container. */
export interface PathFacts {
  name: string;
  sizeBytes: number;
  isDirectory: boolean;
}

/** What people do with a running Pod. Everything throws NotFound for what is unknown, and what the engine says. */
export interface PodSessions {
  exec(ref: ContainerRef, options: ExecOptions): Promise<ExecSession>;
  /** The streams of the container's own process, from now on; its exit code is 0 while it runs. */
  attach(ref: ContainerRef, options: { stdin: boolean }): Promise<ExecSession>;
  /** A connection to a port of the Pod. Throws Failed when nobody listens there. */
  dial(ref: ContainerRef, port: number): Promise<Socket>;
  /** undefined when there is nothing at that path. */
  statPath(ref: ContainerRef, path: string): Promise<PathFacts | undefined>;
  /** A file or folder as a tar archive, its own name first. */
  readArchive(ref: ContainerRef, path: string): Promise<Readable>;
  writeArchive(ref: ContainerRef, folder: string, archive: Readable): Promise<void>;
}
