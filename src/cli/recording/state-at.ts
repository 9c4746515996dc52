import { type RecordedChange, resourceOfKind } from './recording-format.js';

const kinds: readonly string[] = [...resourceOfKind.keys()];

/**
 * What stands after some changes, as a watch that breaks and lists anew would tell it: contact with every kind lost, each object that is
 * there, and each list complete (unless contact with it was lost then). Pure.
 */
export function stateAt(changes: readonly RecordedChange[]): RecordedChange[] {
  const objects = new Map<string, RecordedChange>();
  const contacts = new Map<string, RecordedChange>();
  const atMs = changes.at(-1)?.atMs ?? 0;
  for (const change of changes) {
    if (!('object' in change)) {
      contacts.set(change.kind, { ...change, atMs });
      continue;
    }
    const { kind, object } = change;
    const key = `${kind}/${object.metadata.namespace}/${object.metadata.name}`;
    objects.delete(key);
    if (change.type !== 'DELETED') objects.set(key, { atMs, type: 'ADDED', kind, object });
    if (!contacts.has(kind)) contacts.set(kind, { atMs, type: 'SYNCED', kind });
  }
  return [
    ...kinds.map((kind): RecordedChange => ({ atMs, type: 'DISCONNECTED', kind, message: '' })),
    ...objects.values(),
    ...kinds.map((kind): RecordedChange => contacts.get(kind) ?? { atMs, type: 'SYNCED', kind }),
  ];
}
