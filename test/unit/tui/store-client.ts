import type { ObjectStore } from '../../../src/store/object-store.js';
import type { Change, TuiClient } from '../../../src/tui/tui-client.js';
import { info } from './sample-models.js';

/** A client that reads a store of this process: lists, then every change, as the API tells them. It writes nothing. */
export const storeClient = (store: ObjectStore): TuiClient => ({
  watch(resource, _options, onChange, signal) {
    const tell = onChange as (change: Change) => void;
    const { items, resourceVersion } = store.list(resource);
    for (const object of items) tell({ type: 'ADDED', object });
    tell({ type: 'SYNCED' });
    const watch = store.watch(resource, (change) => tell({ type: change.type, object: change.object }), {
      from: resourceVersion,
    });
    signal.addEventListener('abort', () => watch.close());
  },
  async *logs() {},
  scale: async () => {},
  control: { info: async () => info, plan: async () => [] },
});
