import type { Clock } from '../lib/clock.js';
import type { Logger } from '../lib/logger.js';
import type { ObjectStore } from '../store/object-store.js';
import type { Engine, EngineInfo } from './engine.js';
import type { PodRecords } from './pod-record.js';
import type { PodState } from './pod-state.js';
import type { Prober } from './probe/prober.js';
import type { RecordEvent } from './record-event.js';

/** What the passes over Pods share. */
export interface KubeletContext {
  readonly engine: Engine;
  readonly store: ObjectStore;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly cluster: { name: string; id: string };
  readonly records: PodRecords;
  readonly recordEvent: RecordEvent;
  readonly prober: Prober;
  info(): EngineInfo;
  reachable(): boolean;
  /** Asks for a pass over the Pod. */
  wake(podUid: string): void;
  /** Runs at most as many creates and starts at once as the engine bears. */
  slot<T>(run: () => Promise<T>): Promise<T>;
  /** The namespace's network, and an address in it that this Pod keeps. */
  addressFor(state: PodState): Promise<{ podIp: string; hostIp: string }>;
  /** A free port of this host; undefined where only the engine can choose. */
  pickPort: (() => Promise<number>) | undefined;
  /** Shared pulls: the same image is pulled once at a time. */
  pull(image: string, signal: AbortSignal): Promise<void>;
  /** Containers by uid of their Pod, also of Pods that are not in the store. */
  podExists(podUid: string): boolean;
  forget(state: PodState): void;
}
