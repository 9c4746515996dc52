import type { ModelServing } from '../../api/types/model-serving.js';
import type { Level } from '../output.js';

export const invalidSpecAnnotation = 'minithena.dev/invalid-spec';
export const fileAnnotation = 'minithena.dev/file';

export interface ServingSummary {
  readonly word: string;
  readonly level: Level;
  readonly message: string;
}

/** The one word that says how a ModelServing is, from its conditions; the bad file comes first, because a person must act. */
export function servingSummary(serving: ModelServing): ServingSummary {
  const invalid = serving.metadata.annotations?.[invalidSpecAnnotation];
  if (serving.metadata.deletionTimestamp) return { word: 'Terminating', level: 'busy', message: '' };
  if (invalid !== undefined) return { word: 'SpecInvalid', level: 'bad', message: invalid };
  const holds = (type: string) =>
    serving.status?.conditions.find((each) => each.type === type && each.status === 'True');
  for (const type of ['SpecInvalid', 'Available', 'UpdateInProgress', 'Progressing']) {
    const condition = holds(type);
    if (!condition) continue;
    // A status that does not know the newest spec yet says nothing about it.
    if (type === 'Available' && !isObserved(serving)) break;
    const level = type === 'SpecInvalid' ? 'bad' : type === 'Available' ? 'good' : 'busy';
    return { word: type, level, message: condition.message };
  }
  return { word: 'Progressing', level: 'busy', message: '' };
}

/** The controller has seen the newest spec. */
export const isObserved = (serving: ModelServing): boolean =>
  (serving.status?.observedGeneration ?? 0) >= (serving.metadata.generation ?? 1);

export const isAvailable = (serving: ModelServing): boolean => servingSummary(serving).word === 'Available';
