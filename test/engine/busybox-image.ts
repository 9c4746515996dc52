import { existsSync, readFileSync } from 'node:fs';
import { imageBuilder } from '../../src/kubelet/docker/build-image.js';
import type { EngineConnection } from '../../src/kubelet/docker/connect.js';
import { findEngine } from '../../src/kubelet/docker/find-engine.js';

export const busyboxImage = 'minithena/test-busybox:1';

/** Makes the test image where the engine does not have it: whichever test comes first, on whichever machine, may need it. */
export async function ensureBusyboxImage(given?: EngineConnection) {
  const images = await imageBuilder(given ?? (await findEngine()));
  if (await images.imageLabels(busyboxImage)) return images;
  // Without a registry where this machine has a static busybox, from the official image elsewhere.
  const isHere = process.platform === 'linux' && existsSync('/bin/busybox');
  const scratch =
    'FROM scratch\nCOPY busybox /bin/busybox\nRUN ["/bin/busybox", "--install", "-s", "/bin"]\n';
  await images.build({
    tag: busyboxImage,
    dockerfile: isHere ? scratch : 'FROM busybox:1\n',
    files: isHere ? [{ path: 'busybox', mode: 0o755, content: readFileSync('/bin/busybox') }] : [],
    labels: {},
  });
  return images;
}
