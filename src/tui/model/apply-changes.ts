import type { ResourceName, Resources } from '../../api/types/resources.js';
import type { Change } from '../tui-client.js';
import { type Connection, type Data, keyOf, type Model, type Watched, watched } from './model.js';

export interface Heard<K extends Watched = Watched> {
  readonly resource: K;
  readonly change: Change<K>;
}

/** The model after a batch of changes. Each resource's map is copied once per batch, however many changes there are. */
export function applyChanges(model: Model, batch: readonly Heard[]): Model {
  const data: Record<string, Map<string, Resources[ResourceName]>> = {};
  const synced = new Set(model.synced);
  const stale: Partial<Record<Watched, Set<string>>> = {};
  for (const resource of watched) {
    const before = model.stale[resource];
    if (before) stale[resource] = new Set(before);
  }
  let connection: Connection = model.connection;
  const mapOf = (resource: Watched) =>
    (data[resource] ??= new Map<string, Resources[ResourceName]>(model.data[resource]));

  for (const { resource, change } of batch) {
    switch (change.type) {
      case 'ADDED':
      case 'MODIFIED':
        mapOf(resource).set(keyOf(change.object), change.object);
        stale[resource]?.delete(keyOf(change.object));
        break;
      case 'DELETED':
        mapOf(resource).delete(keyOf(change.object));
        break;
      case 'DISCONNECTED':
        // What the watch does not name again when it is back was deleted meanwhile.
        if (synced.delete(resource))
          stale[resource] = new Set((data[resource] ?? model.data[resource]).keys());
        connection = { state: 'lost', message: change.message ?? '' };
        break;
      case 'SYNCED':
        for (const key of stale[resource] ?? []) mapOf(resource).delete(key);
        delete stale[resource];
        synced.add(resource);
        break;
    }
  }
  if (synced.size === watched.length) connection = { state: 'live' };
  return { ...model, data: { ...model.data, ...(data as Partial<Data>) }, synced, stale, connection };
}
