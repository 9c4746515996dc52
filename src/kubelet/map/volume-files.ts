import type {
  ConfigMapVolumeSource,
  DownwardAPIVolumeFile,
  KeyToPath,
  SecretVolumeSource,
  Volume,
} from 'kubernetes-types/core/v1.js';
import type { Pod } from '../../api/types/resources.js';
import { ConfigError } from './config-error.js';
import { fieldValue, resourceValue } from './field-value.js';
import type { PodSurroundings } from './pod-surroundings.js';
import { contentOf, noObjects } from './referred-objects.js';

/** A file of a volume, by its path below it. */
export interface VolumeFile {
  path: string;
  content: Buffer;
  mode: number;
}

/** True for the volumes whose content we write: from ConfigMaps, Secrets and the pod itself. */
export const isWritten = (volume: Volume): boolean =>
  Boolean(volume.configMap ?? volume.secret ?? volume.projected ?? volume.downwardAPI);

const defaultFileMode = 0o644;

/**
 * The files of such a volume. Throws ConfigError, in Kubernetes' words, for an object or key that is not there and not optional. Pure.
 */
export function volumeFiles(pod: Pod, volume: Volume, around: PodSurroundings): VolumeFile[] {
  const { configMap, secret, projected, downwardAPI } = volume;
  const files = configMap
    ? fromObject('configmap', pod, configMap, configMap.name, configMap.defaultMode, around)
    : secret
      ? fromObject('secret', pod, secret, secret.secretName, secret.defaultMode, around)
      : downwardAPI
        ? fromPod(pod, downwardAPI.items, downwardAPI.defaultMode, around)
        : (projected?.sources ?? []).flatMap((source) => {
            const mode = projected?.defaultMode;
            if (source.configMap)
              return fromObject('configmap', pod, source.configMap, source.configMap.name, mode, around);
            if (source.secret)
              return fromObject('secret', pod, source.secret, source.secret.name, mode, around);
            return fromPod(pod, source.downwardAPI?.items, mode, around);
          });
  // A group that the pod's files belong to must be able to read them.
  const readable = pod.spec.securityContext?.fsGroup === undefined ? 0 : 0o440;
  return [...new Map(files.map((file) => [file.path, { ...file, mode: file.mode | readable }])).values()];
}

function fromObject(
  kind: 'configmap' | 'secret',
  pod: Pod,
  source: Pick<ConfigMapVolumeSource & SecretVolumeSource, 'items' | 'optional'>,
  name: string | undefined,
  mode = defaultFileMode,
  around: PodSurroundings,
): VolumeFile[] {
  const content = contentOf(around.objects ?? noObjects, kind, name ?? '');
  if (!content) {
    if (source.optional) return [];
    throw new ConfigError(`${kind} "${name ?? ''}" not found`);
  }
  const items: KeyToPath[] = source.items ?? [...content.keys()].map((key) => ({ key, path: key }));
  return items.flatMap((item): VolumeFile[] => {
    const bytes = content.get(item.key);
    if (bytes) return [{ path: safePath(item.path), content: bytes, mode: item.mode ?? mode }];
    if (source.optional) return [];
    const object = `${pod.metadata.namespace}/${name ?? ''}`;
    throw new ConfigError(
      kind === 'configmap'
        ? `configmap references non-existent config key: ${item.key} (in ${object})`
        : `references non-existent secret key: ${item.key} (in ${object})`,
    );
  });
}

const fromPod = (
  pod: Pod,
  items: readonly DownwardAPIVolumeFile[] = [],
  mode = defaultFileMode,
  around: PodSurroundings,
): VolumeFile[] =>
  items.map((item) => ({
    path: safePath(item.path),
    content: Buffer.from(
      item.fieldRef
        ? fieldValue(pod, item.fieldRef, around)
        : item.resourceFieldRef
          ? resourceValue(pod, undefined, item.resourceFieldRef, around)
          : '',
    ),
    mode: item.mode ?? mode,
  }));

function safePath(path: string): string {
  if (path.startsWith('/') || path.split('/').some((part) => part === '..' || part === ''))
    throw new ConfigError(`the path "${path}" leads out of the volume`);
  return path;
}
