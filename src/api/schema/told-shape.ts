import type { KindFacts } from '../kinds.js';
import { shapeOfKind } from './kind-shapes.js';
import { metadataShape } from './metadata-shape.js';
import { objectReference } from './object-reference.js';
import { integer, list, object, oneOf, type Shape, string, told } from './shape.js';

/** What the controller says; whatever a manifest has there is not looked at. */
const servingStatus = object({
  observedGeneration: told('The generation of the spec that the rest is about.', integer),
  replicas: told('ServingGroups, those that are being deleted as well.', integer),
  availableReplicas: told('ServingGroups of which every pod is ready.', integer),
  updatedReplicas: told('ServingGroups of the newest template.', integer),
  currentReplicas: told('ServingGroups of an older template; all of them when there is none.', integer),
  updateRevision: told('The revision of the newest template.', string),
  currentRevision: told('The revision that a roll-out comes from.', string),
  labelSelector: told('One pod of each ServingGroup, for autoscalers.', string),
  conditions: told(
    'Available, Progressing, UpdateInProgress, and SpecInvalid while the file does not validate.',
    list(
      object({
        type: string,
        status: oneOf('True', 'False', 'Unknown'),
        reason: string,
        message: string,
        lastTransitionTime: string,
        observedGeneration: integer,
      }),
    ),
  ),
});

const component = object({ component: string, host: string });
const newerEvent = object({
  apiVersion: string,
  kind: string,
  metadata: metadataShape,
  deprecatedCount: integer,
  deprecatedFirstTimestamp: string,
  deprecatedLastTimestamp: string,
  deprecatedSource: component,
  eventTime: string,
  note: told('What happened, in a sentence.', string),
  reason: told('What happened, in one word.', string),
  regarding: told('The object that it is about.', objectReference),
  reportingController: string,
  series: object({ count: integer, lastObservedTime: string }),
  type: oneOf('Normal', 'Warning'),
});

/** The shape in which clients get a kind; that in which they write it is `shapeOfKind`. */
export function toldShape({ group, kind }: Pick<KindFacts, 'group' | 'kind'>): Shape {
  if (kind === 'Event' && group === 'events.k8s.io') return newerEvent;
  const shape = shapeOfKind(kind);
  if (kind !== 'ModelServing' || shape.kind !== 'object') return shape;
  const status = told('What is. Written by the daemon alone.', servingStatus);
  return { ...shape, fields: { ...shape.fields, status } };
}
