import type { Pod, Secret } from '../../api/types/resources.js';
import type { FoundCredentials } from './credentials.js';
import { dockerConfigCredentials } from './docker-config-credentials.js';
import { secretCredentials } from './secret-credentials.js';

export interface CredentialSearch {
  /** To be tried in this order; none: the registry is asked anonymously. */
  readonly found: readonly FoundCredentials[];
  /** imagePullSecrets that do not exist, or hold no credentials for registries. */
  readonly unusableSecrets: readonly string[];
  /** Why Docker's own configuration could not be read. */
  readonly problem: string | undefined;
}

/** Kubernetes' order: the pod's imagePullSecrets as they are listed, then what this machine has, which is Docker's own configuration. */
export async function findCredentials(
  { metadata, spec }: Pod,
  image: string,
  secretOf: (namespace: string, name: string) => Secret | undefined,
  env: NodeJS.ProcessEnv = process.env,
): Promise<CredentialSearch> {
  const unusableSecrets: string[] = [];
  const found: FoundCredentials[] = [];
  for (const { name } of spec.imagePullSecrets ?? []) {
    if (!name) continue;
    const secret = secretOf(metadata.namespace, name);
    const inIt = secret && secretCredentials(secret, image);
    if (inIt) found.push(...inIt);
    else unusableSecrets.push(name);
  }
  const own = await dockerConfigCredentials(image, env);
  if (own.found) found.push(own.found);
  return { found, unusableSecrets, problem: own.problem };
}
