import type { WebSocket } from 'ws';

/** What waits for its socket. Exactly one of the two is called. */
export interface HeldSession {
  run(ws: WebSocket): Promise<void>;
  /** No socket comes: the client has gone, or its handshake is none. */
  abandon(): void;
}
