import { join } from 'node:path';
import type { AnyResource, ResourceName } from '../api/types/resources.js';
import { shortHash } from '../lib/short-hash.js';
import { type JsonFolder, jsonFolder } from './json-folder.js';

/** What a client may create here: no watched file holds it, so a file of ours does. */
export const keptResources = [
  'namespaces',
  'modelservings',
  'configmaps',
  'secrets',
  'persistentvolumeclaims',
  'pods',
  'services',
  'modelservers',
  'modelroutes',
  'modelboosters',
  'autoscalingpolicies',
  'autoscalingpolicybindings',
] as const satisfies readonly ResourceName[];
export type KeptResource = (typeof keptResources)[number];

export const isKeptResource = (resource: ResourceName): resource is KeptResource =>
  (keptResources as readonly string[]).includes(resource);

export interface ObjectFiles {
  /** As they were last written; namespaces first, so that what is in them finds them. */
  all(): { resource: KeptResource; object: AnyResource }[];
  /** The object of that name as its file has it. */
  get(resource: ResourceName, at: Place): AnyResource | undefined;
  /** Where its file is, or would be. */
  pathOf(resource: KeptResource, at: Place): string;
  /** Replaces atomically; nothing when nothing changed. Throws StateNotWritable. */
  write(resource: KeptResource, object: AnyResource): void;
  remove(resource: ResourceName, at: Place): void;
}

interface Place {
  readonly namespace: string;
  readonly name: string;
}

/** The objects that were created through the API, one file each under `<directory>/objects/<resource>`. */
export function openObjectFiles(
  directory: string,
  onProblem: (message: string) => void = () => {},
): ObjectFiles {
  const folders = new Map<ResourceName, JsonFolder<AnyResource>>(
    keptResources.map((resource) => [
      resource,
      jsonFolder<AnyResource>(join(directory, 'objects', resource), { isWhole, onProblem }),
    ]),
  );
  const folderOf = (resource: ResourceName) => folders.get(resource);
  return {
    all: () =>
      keptResources.flatMap((resource) =>
        (folderOf(resource)?.all() ?? []).map((object) => ({ resource, object })),
      ),
    get: (resource, at) => folderOf(resource)?.get(objectFileKey(at)),
    pathOf: (resource, at) => folderOf(resource)?.pathOf(objectFileKey(at)) ?? '',
    write: (resource, object) =>
      folderOf(resource)?.write(objectFileKey(object.metadata), lasting(resource, object)),
    remove: (resource, at) => folderOf(resource)?.remove(objectFileKey(at)),
  };
}

/** The name of an object's file. Neither part can hold an underscore, but together they may be longer than the name of a file can be. */
export function objectFileKey({ namespace, name }: Place): string {
  const whole = `${namespace}_${name}`;
  return whole.length <= 200 ? whole : `${whole.slice(0, 180)}_${shortHash(whole)}`;
}

const isWhole = ({ kind, metadata }: Partial<AnyResource>): boolean =>
  Boolean(kind && metadata?.name && metadata.uid);

/** What is seen at the containers is seen again after a restart; versions begin anew. */
function lasting(resource: KeptResource, object: AnyResource): AnyResource {
  const { resourceVersion: _version, ...metadata } = object.metadata;
  const { status, ...rest } = object as AnyResource & { status?: unknown };
  const isObserved = resource === 'pods' || resource === 'modelservings';
  return { ...rest, metadata, ...(status !== undefined && !isObserved && { status }) } as AnyResource;
}
