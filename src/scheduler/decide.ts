import { deviceGate } from './device-gate.js';
import type { Capacity, Decision, Gang, PodFacts } from './facts.js';
import { emptyRoom, type Room } from './room.js';
import { type Unit, unitsInOrder } from './units.js';
import { type Shortage, waitMessage } from './words.js';

/**
 * Who gets room now, and why the others wait. Never more than there is; a unit (a Pod alone, a gang, an instance of a gang's group) whole or
 * not at all; in turn. What a larger unit cannot have yet is kept for it, so that smaller ones behind it do not take it away for ever; behind
 * a Pod alone others may go first, as in Kubernetes. Pure.
 */
export function decide(input: {
  readonly pods: readonly PodFacts[];
  readonly capacity: Capacity;
  readonly gangs: readonly Gang[];
}): Decision {
  const { pods, capacity, gangs } = input;
  const room = emptyRoom(capacity);
  const whole = emptyRoom(capacity);
  for (const pod of pods) if (pod.state !== 'waiting') room.take(pod, pod.gpus);
  const gate = deviceGate(pods, capacity);
  const placements: Decision['placements'][number][] = pods
    .filter((pod) => pod.state === 'assigned' && !pod.deleting)
    .map((pod) => ({ pod, gpus: pod.gpus, ...gate(pod, pod.gpus) }));
  const waits: Decision['waits'][number][] = [];
  const waitingGangs = new Map<string, string>();
  for (const unit of unitsInOrder(pods, gangs)) {
    const message = reasonToWait(unit, room, whole, waitingGangs);
    if (typeof message === 'string') {
      if (unit.after === undefined && unit.name !== '') waitingGangs.set(unit.name, message);
      for (const pod of unit.pods) waits.push({ pod, message });
      continue;
    }
    for (const [pod, gpus] of message) {
      room.take(pod, gpus);
      placements.push({ pod, gpus, ...gate(pod, gpus) });
    }
  }
  return { placements, waits };
}

function reasonToWait(
  unit: Unit,
  room: Room,
  whole: Room,
  waitingGangs: ReadonlyMap<string, string>,
): string | Map<PodFacts, PodFacts['gpus']> {
  if (unit.incomplete !== undefined) return `0/1 nodes are available: ${unit.incomplete}.`;
  const before = unit.after === undefined ? undefined : waitingGangs.get(unit.after);
  if (before !== undefined) return `${before} This pod waits for gang ${unit.after}.`;
  const found = room.fit(unit.pods);
  if ('gpus' in found) return found.gpus;
  const never = neverFits(unit, whole);
  if (!never && unit.keeps) room.keepFor(unit.name, unit.pods);
  return waitMessage(unit, never ?? found.shortages, never !== undefined);
}

/** What it would lack on an empty node, its own placed pods included; undefined when it fits there. */
function neverFits(unit: Unit, whole: Room): readonly Shortage[] | undefined {
  const found = whole.fit([...unit.placed, ...unit.pods]);
  return 'gpus' in found ? undefined : found.shortages;
}
