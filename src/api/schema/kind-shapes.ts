import { clusterShapes } from './cluster-shapes.js';
import { metadataShape } from './metadata-shape.js';
import { modelServingShape } from './model-serving-shape.js';
import { ownShapes } from './own-shapes.js';
import { podTemplateShape } from './pod-shape.js';
import { any, object, type Shape, string } from './shape.js';
import { supportingShapes } from './supporting-shapes.js';

const podSpec = podTemplateShape.kind === 'object' ? (podTemplateShape.fields.spec ?? any) : any;
const head = { apiVersion: string, kind: string, metadata: metadataShape };

const written: Readonly<Record<string, Shape>> = {
  ...supportingShapes,
  ...clusterShapes,
  ...ownShapes,
  ModelServing: modelServingShape,
  Pod: object({ ...head, spec: podSpec, status: any }),
};

/** The shape of a served kind. Of kinds that nobody writes only the head is told; the rest is open. */
export const shapeOfKind = (kind: string): Shape =>
  written[kind] ?? object({ ...head, spec: any, status: any });
