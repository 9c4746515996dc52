import type { PodSpec } from 'kubernetes-types/core/v1.js';
import type { ConfigMap, PersistentVolumeClaim, Secret } from '../../api/types/resources.js';

/** The objects of a pod's namespace that it may refer to. */
export interface ReferredObjects {
  configMap(name: string): ConfigMap | undefined;
  secret(name: string): Secret | undefined;
  claim(name: string): PersistentVolumeClaim | undefined;
}

export const noObjects: ReferredObjects = {
  configMap: () => undefined,
  secret: () => undefined,
  claim: () => undefined,
};

/** The content of a ConfigMap or Secret by key; undefined where there is no such object. */
export function contentOf(
  objects: ReferredObjects,
  kind: 'configmap' | 'secret',
  name: string,
): Map<string, Buffer> | undefined {
  if (kind === 'secret') {
    const found = objects.secret(name);
    return found && decoded(found.data);
  }
  const found = objects.configMap(name);
  if (!found) return undefined;
  const texts = Object.entries(found.data ?? {}).map(([key, text]) => [key, Buffer.from(text)] as const);
  return new Map([...texts, ...decoded(found.binaryData)]);
}

const decoded = (data: Record<string, string> = {}): Map<string, Buffer> =>
  new Map(Object.entries(data).map(([key, text]) => [key, Buffer.from(text, 'base64')]));

/** What a pod refers to, as `<resource>/<name>`. Pure. */
export function references(spec: PodSpec): Set<string> {
  const found = new Set<string>();
  const add = (resource: string, name: string | undefined) => {
    if (name) found.add(`${resource}/${name}`);
  };
  for (const { name } of spec.imagePullSecrets ?? []) add('secrets', name);
  for (const container of [...spec.containers, ...(spec.initContainers ?? [])]) {
    for (const source of container.envFrom ?? []) {
      add('configmaps', source.configMapRef?.name);
      add('secrets', source.secretRef?.name);
    }
    for (const { valueFrom } of container.env ?? []) {
      add('configmaps', valueFrom?.configMapKeyRef?.name);
      add('secrets', valueFrom?.secretKeyRef?.name);
    }
  }
  for (const volume of spec.volumes ?? []) {
    add('configmaps', volume.configMap?.name);
    add('secrets', volume.secret?.secretName);
    add('persistentvolumeclaims', volume.persistentVolumeClaim?.claimName);
    for (const source of volume.projected?.sources ?? []) {
      add('configmaps', source.configMap?.name);
      add('secrets', source.secret?.name);
    }
  }
  return found;
}
