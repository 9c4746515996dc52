import { metadataShape } from './metadata-shape.js';
import {
  any,
  boolean,
  ignored,
  list,
  map,
  object,
  oneOf,
  quantity,
  required,
  type Shape,
  string,
} from './shape.js';

const head = { apiVersion: required(string), kind: required(string), metadata: required(metadataShape) };
const oneHost = 'it has no meaning on one host';

/** core/v1 objects that pods refer to, as far as Kubernetes 1.30 knows them. */
export const supportingShapes: Readonly<Record<'ConfigMap' | 'Secret' | 'PersistentVolumeClaim', Shape>> = {
  ConfigMap: object({ ...head, data: map(string), binaryData: map(string), immutable: boolean }),
  Secret: object({ ...head, type: string, data: map(string), stringData: map(string), immutable: boolean }),
  PersistentVolumeClaim: object({
    ...head,
    spec: required(
      object({
        accessModes: list(oneOf('ReadWriteOnce', 'ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOncePod')),
        resources: object({ requests: map(quantity), limits: map(quantity) }),
        storageClassName: ignored('every claim becomes a volume of the engine', string),
        volumeMode: oneOf('Filesystem'),
        volumeName: ignored('the volume is named after the claim', string),
        selector: ignored(oneHost),
        dataSource: ignored('a new volume is empty'),
        dataSourceRef: ignored('a new volume is empty'),
        volumeAttributesClassName: ignored(oneHost),
      }),
    ),
    status: any,
  }),
};
