import type { AnyResource, ResourceName } from '../../api/types/resources.js';
import type { Change } from '../cli-client.js';
import type { HiddenValues } from './hidden-values.js';
import { recordedObject } from './recorded-object.js';
import { type RecordedResource, recordedKinds } from './recording-format.js';

/** Turns the changes of watches into lines: every object reduced to what the board shows, and only when that changed. */
export function recorder(options: {
  hidden: HiddenValues;
  atMs(): number;
  keeps(resource: ResourceName, object: AnyResource): boolean;
  write(line: string): void;
}) {
  const { hidden, keeps, write } = options;
  const written = new Map<string, string>();
  let lastMs = 0;
  const line = (fields: object) => {
    // The clock of the machine may be set back.
    lastMs = Math.max(lastMs, options.atMs());
    write(JSON.stringify({ atMs: lastMs, ...fields }));
  };
  /** Names are what the board is made of: only what is said in words may cite a value. */
  const textOf = (object: object) =>
    JSON.stringify(object, (key, value: unknown) =>
      typeof value === 'string' && (key === 'message' || key === 'minithena.dev/invalid-spec')
        ? hidden.hide(value)
        : value,
    );
  return {
    take(resource: RecordedResource, change: Change): void {
      const kind = recordedKinds[resource];
      if (change.type === 'SYNCED') {
        line({ type: 'SYNCED', kind });
        return;
      }
      if (change.type === 'DISCONNECTED') {
        // A reader drops what is not named again until SYNCED.
        for (const key of written.keys()) if (key.startsWith(`${kind}/`)) written.delete(key);
        line({ type: 'DISCONNECTED', kind, message: hidden.hide(change.message) });
        return;
      }
      const { object } = change;
      hidden.learn(object);
      if (!keeps(resource, object)) return;
      const key = `${kind}/${object.metadata.namespace}/${object.metadata.name}`;
      const text = textOf(recordedObject(resource, object as never));
      const known = written.get(key);
      if (change.type !== 'DELETED' && known === text) return;
      if (change.type === 'DELETED') written.delete(key);
      else written.set(key, text);
      const type = change.type === 'DELETED' ? 'DELETED' : known === undefined ? 'ADDED' : 'MODIFIED';
      line({ type, kind, object: JSON.parse(text) as object });
    },
  };
}
