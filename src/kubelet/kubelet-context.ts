import type { ImagePullPolicy } from '../api/pull-override.js';
import type { Clock } from '../lib/clock.js';
import type { Logger } from '../lib/logger.js';
import type { ObjectStore } from '../store/object-store.js';
import type { Engine, EngineInfo } from './engine.js';
import type { Failures } from './failures.js';
import type { Slots } from './limit-concurrency.js';
import type { PodAddresses } from './pod-addresses.js';
import type { PodRecords } from './pod-record.js';
import type { PodRegistry } from './pod-registry.js';
import type { PodState } from './pod-state.js';
import type { Prober } from './probe/prober.js';
import type { RecordEvent } from './record-event.js';
import type { PullImage } from './shared-pulls.js';

/** What the passes over Pods share. */
export interface KubeletContext {
  readonly engine: Engine;
  readonly store: ObjectStore;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly cluster: { name: string; id: string };
  readonly records: PodRecords;
  readonly failures: Failures;
  readonly registry: PodRegistry;
  readonly addresses: PodAddresses;
  readonly slots: Slots;
  readonly recordEvent: RecordEvent;
  readonly prober: Prober;
  readonly pull: PullImage;
  /** The policy that holds for all containers, whatever they say. */
  pullOverride(): ImagePullPolicy | undefined;
  info(): EngineInfo;
  reachable(): boolean;
  /** Asks for a pass over the Pod. */
  wake(podUid: string): void;
  /** Shows what is known of the Pod now; nothing while the engine is away. */
  publish(state: PodState): void;
  /** A free port of this host; undefined where only the engine can choose. */
  pickPort(): Promise<number> | undefined;
}
