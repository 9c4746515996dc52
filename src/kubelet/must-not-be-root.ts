import type { Container } from 'kubernetes-types/core/v1.js';
import type { Engine } from './engine.js';
import { ConfigError } from './map/config-error.js';
import type { PodState } from './pod-state.js';

/** Throws ConfigError, in Kubernetes' words, for a container with runAsNonRoot that would be root by its image. */
export async function mustNotBeRoot(engine: Engine, { pod }: PodState, container: Container): Promise<void> {
  const own = container.securityContext;
  const shared = pod.spec.securityContext;
  if (!(own?.runAsNonRoot ?? shared?.runAsNonRoot)) return;
  const uid = own?.runAsUser ?? shared?.runAsUser;
  if (uid !== undefined) return;
  const user = (await engine.findImage(container.image ?? ''))?.user?.split(':')[0] ?? '';
  if (/^[1-9]\d*$/.test(user)) return;
  throw new ConfigError(
    user === '' || user === '0' || user === 'root'
      ? `container has runAsNonRoot and image will run as root (container ${container.name}); set runAsUser`
      : `container has runAsNonRoot and image has non-numeric user (${user}), cannot verify user is non-root; set runAsUser`,
  );
}
