import { object, string } from './shape.js';

/** Names an object of any kind, as Events do. */
export const objectReference = object({
  apiVersion: string,
  kind: string,
  namespace: string,
  name: string,
  uid: string,
  resourceVersion: string,
  fieldPath: string,
});
