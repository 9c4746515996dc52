import type { RoleSpec } from '../api/types/model-serving.js';
import type { Facts } from './conformance-case.js';

export const present = (value: unknown): boolean => value !== null && value !== undefined;

/** What a role's short form says of itself, not of its pods. */
const ownFields = new Set(['name', 'replicas', 'workerReplicas', 'maxUnavailable', 'partition']);
const ofPods = /^(entry|worker)?(template|image|images|initImages|labels|annotations)$/i;

/**
 * The entry's or the worker's pod template as a role's short form has it: `image`, `images` (a list, or a map of entry and worker),
 * `entryImages`, `workerInitImages`, `entryLabels`, `workerAnnotations` and so on. What else the form says is said of its containers.
 */
export function templateOf(short: Facts, part: 'entry' | 'worker'): NonNullable<RoleSpec['entryTemplate']> {
  const whole = short[`${part}Template`];
  if (whole?.spec || whole?.metadata) return whole;
  const own: Facts = typeof whole === 'object' ? { ...whole } : {};
  const said = (name: string) => short[camel(part, name)] ?? own[name];
  const rest = Object.entries(short).filter(
    ([key, value]) => present(value) && !ownFields.has(key) && !ofPods.test(key),
  );
  const containers = (images: readonly unknown[], name: string) =>
    images.map((image, at) => ({
      name: at === 0 ? name : `${name}-${at}`,
      image: image ?? '',
      ...Object.fromEntries(rest),
    }));
  const labels = said('labels') ?? short.labels;
  const annotations = said('annotations') ?? short.annotations;
  const init = listOf(said('initImages') ?? short.initImages ?? []);
  return {
    ...((labels || annotations) && {
      metadata: { ...(labels && { labels }), ...(annotations && { annotations }) },
    }),
    spec: {
      ...(init.length > 0 && { initContainers: containers(init, 'init') }),
      containers: containers(imagesOf(short, said, part), 'main'),
    },
  } as NonNullable<RoleSpec['entryTemplate']>;
}

/** Of a list in a role that has workers, the first is the entry's and the second the worker's. */
function imagesOf(short: Facts, said: (name: string) => unknown, part: 'entry' | 'worker'): unknown[] {
  const { images } = short;
  if (present(said('images'))) return listOf(said('images'));
  if (said('image') !== undefined) return [said('image')];
  if (Array.isArray(images)) {
    if (!hasWorkers(short)) return part === 'entry' ? images : ['image'];
    return images.length === 2 ? [images[part === 'entry' ? 0 : 1]] : images;
  }
  if (typeof images === 'string') return [images];
  const ofPart = images?.[part] ?? images?.[`${part}Template`];
  return present(ofPart) ? listOf(ofPart) : ['image' in short ? short.image : 'image'];
}

/** Whether the form says anything of worker pods. */
export const hasWorkers = (short: Facts): boolean =>
  Object.keys(short).some((key) => key !== 'workerReplicas' && key.startsWith('worker') && short[key]) ||
  present(short.images?.worker);

const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : [value]);

const camel = (part: string, name: string): string => `${part}${name[0]?.toUpperCase()}${name.slice(1)}`;
