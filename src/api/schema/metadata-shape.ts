import { any, ignored, map, object, required, type Shape, string, told } from './shape.js';

/** ObjectMeta as people write it, and as it comes out of a cluster. */
export const metadataShape: Shape = object({
  name: told('Unique among its kind in the namespace.', required(string)),
  namespace: told('`default` where it is not said.', string),
  labels: told('For selectors.', map(string)),
  annotations: told('What is known of it beside that.', map(string)),
  creationTimestamp: told('Set by the server.', any),
  generation: told('Rises with each other spec.', any),
  resourceVersion: told('Another one after each change; a write that names an older one is refused.', any),
  uid: told('Another one for each object that ever had this name.', any),
  managedFields: any,
  finalizers: told(
    'What must be done before it goes; in a file, which decides that itself, without effect.',
    ignored('the file decides when it goes'),
  ),
  ownerReferences: told(
    'It goes when these have gone; in a file without effect.',
    ignored('nothing owns it here'),
  ),
});
