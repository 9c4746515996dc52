import { expect, it } from 'vitest';
import { manualClock } from '../../../src/lib/manual-clock.js';
import { createObjectStore } from '../../../src/store/create-object-store.js';
import { eventRecorder } from '../../../src/store/record-event.js';

it('lists the events of an object in their order, also those of one moment, and counts what is said again', () => {
  const clock = manualClock();
  const store = createObjectStore({ clock });
  const about = (name: string) => ({ apiVersion: 'v1', kind: 'Pod', namespace: 'default', name, uid: name });
  const told = () => store.list('events').items.map(({ reason, count }) => `${reason} ${count}`);
  const tell = eventRecorder(store, clock, 'kubelet');
  for (const reason of ['Pulled', 'Created', 'Started']) tell(about('a'), 'Normal', reason, '');
  clock.advance(2000);
  tell(about('a'), 'Normal', 'Killing', '');
  tell(about('a'), 'Normal', 'Created', '');
  expect(told()).toEqual(['Pulled 1', 'Created 2', 'Started 1', 'Killing 1']);
  // A recorder of a later process finds what it said before; another part has events of its own.
  eventRecorder(store, clock, 'kubelet')(about('a'), 'Normal', 'Created', '');
  eventRecorder(store, clock, 'chaos')(about('a'), 'Normal', 'Created', '');
  expect(told()).toEqual(['Pulled 1', 'Created 3', 'Started 1', 'Killing 1', 'Created 1']);
  const first = store.list('events').items[0]!;
  store.remove('events', first.metadata);
  tell(about('a'), 'Normal', 'Pulled', '');
  expect(told().at(-1)).toBe('Pulled 1');
});
