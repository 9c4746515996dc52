import type { Secret } from '../../api/types/resources.js';
import { type AuthEntry, type FoundCredentials, readAuthEntry } from './credentials.js';
import { dockerHubKey, registryOf } from './image-name.js';

/**
 * The credentials of a Secret for an image, the most telling key first, by the kubelet's rules: keys may have a scheme, a path and `*` in parts of
 * the host. undefined when the Secret is not of a type for registries or cannot be read. Pure.
 */
export function secretCredentials(secret: Secret, image: string): FoundCredentials[] | undefined {
  const auths = readAuths(secret);
  if (!auths) return undefined;
  const registry = registryOf(image);
  const wanted = isHub(registry) ? hubPath(image) : image;
  return Object.entries(auths)
    .map(([key, entry]) => ({ key: normalized(key), entry }))
    .filter(({ key }) => matches(key, wanted))
    .sort((a, b) => (a.key < b.key ? 1 : -1))
    .flatMap(({ entry }) => {
      const auth = readAuthEntry(entry ?? {}, isHub(registry) ? dockerHubKey : registry);
      return auth ? [{ auth, source: `Secret ${secret.metadata.namespace}/${secret.metadata.name}` }] : [];
    });
}

function readAuths({ type, data = {} }: Secret): Record<string, AuthEntry | null> | undefined {
  const isJson = type === 'kubernetes.io/dockerconfigjson';
  if (!isJson && type !== 'kubernetes.io/dockercfg') return undefined;
  try {
    const text = Buffer.from(data[isJson ? '.dockerconfigjson' : '.dockercfg'] ?? '', 'base64').toString();
    const value = JSON.parse(text) as Record<string, unknown>;
    const auths = isJson ? value.auths : value;
    return typeof auths === 'object' && auths !== null ? (auths as Record<string, AuthEntry>) : undefined;
  } catch {
    return undefined;
  }
}

const isHub = (host: string): boolean => host === 'docker.io' || host === 'index.docker.io';
const hubPath = (image: string): string => {
  const rest = image.replace(/^(index\.)?docker\.io\//, '');
  return `docker.io/${rest.includes('/') ? rest : `library/${rest}`}`;
};

/** Host and path; Docker Hub under one name. */
function normalized(key: string): string {
  const [host = '', ...path] = key.replace(/^https?:\/\//, '').split('/');
  const rest = path.join('/').replace(/^v[12](\/|$)/, '');
  const name = isHub(host) ? 'docker.io' : host;
  return rest === '' ? name : `${name}/${rest.replace(/\/$/, '')}`;
}

function matches(key: string, image: string): boolean {
  const [host = '', ...path] = key.split('/');
  const [wantedHost = '', ...wantedPath] = image.split('/');
  const [name = '', port] = host.split(':');
  const [wantedName = '', wantedPort] = wantedHost.split(':');
  const parts = name.split('.');
  const wantedParts = wantedName.split('.');
  return (
    port === wantedPort &&
    parts.length === wantedParts.length &&
    parts.every((part, at) => globMatches(part, wantedParts[at] ?? '')) &&
    wantedPath.join('/').startsWith(path.join('/'))
  );
}

const globMatches = (glob: string, text: string): boolean =>
  new RegExp(
    `^${glob
      .replace(/[^*?\w-]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.')}$`,
  ).test(text);
