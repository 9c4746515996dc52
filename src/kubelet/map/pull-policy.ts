import type { Container } from 'kubernetes-types/core/v1.js';

export interface PullPolicy {
  policy: 'Always' | 'IfNotPresent' | 'Never';
  /** True when the user did not write it: then a failed pull may fall back to a local image. */
  implied: boolean;
}

/** Kubernetes' default: Always for `:latest` or no tag, else IfNotPresent. Images that this program builds are in no registry. Pure. */
export function pullPolicy(container: Container): PullPolicy {
  const written = container.imagePullPolicy;
  if (written === 'Always' || written === 'IfNotPresent' || written === 'Never')
    return { policy: written, implied: false };
  const image = container.image ?? '';
  if (image.startsWith('minithena/') || image.includes('@')) return { policy: 'IfNotPresent', implied: true };
  const tag = /:([^:/]+)$/.exec(image)?.[1] ?? 'latest';
  return { policy: tag === 'latest' ? 'Always' : 'IfNotPresent', implied: true };
}
