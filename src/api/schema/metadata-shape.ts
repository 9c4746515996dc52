import { any, ignored, map, object, required, type Shape, string } from './shape.js';

/** ObjectMeta as people write it, and as it comes out of a cluster. */
export const metadataShape: Shape = object({
  name: required(string),
  namespace: string,
  labels: map(string),
  annotations: map(string),
  creationTimestamp: any,
  generation: any,
  resourceVersion: any,
  uid: any,
  managedFields: any,
  finalizers: ignored('the file decides when it goes'),
  ownerReferences: ignored('nothing owns it here'),
});
