import type { Container } from 'kubernetes-types/core/v1.js';
import type { ImagePullPolicy } from '../../api/pull-override.js';

export interface PullPolicy {
  policy: ImagePullPolicy;
  /** True when the user did not write it: then a failed pull may fall back to a local image. */
  implied: boolean;
}

/**
 * What was asked for all pods, else what the container says, else Kubernetes' default: Always for `:latest` or no tag, else IfNotPresent. Images that
 * this program builds are in no registry. Pure.
 */
export function pullPolicy(container: Container, override?: ImagePullPolicy): PullPolicy {
  const image = container.image ?? '';
  const isOurs = image.startsWith('minithena/');
  const written = override === 'Always' && isOurs ? undefined : (override ?? container.imagePullPolicy);
  if (written === 'Always' || written === 'IfNotPresent' || written === 'Never')
    return { policy: written, implied: false };
  if (isOurs || image.includes('@')) return { policy: 'IfNotPresent', implied: true };
  const tag = /:([^:/]+)$/.exec(image)?.[1] ?? 'latest';
  return { policy: tag === 'latest' ? 'Always' : 'IfNotPresent', implied: true };
}
