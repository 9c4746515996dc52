/** What a daemon process says once to the one who started it, over IPC. */
export type StartMessage =
  | { type: 'ready' }
  | { type: 'failed'; code: string; message: string; hint?: string; details: Record<string, unknown> };
