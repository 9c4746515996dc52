/** The name of Docker Hub in credentials, whatever it is called in an image. */
export const dockerHubKey = 'https://index.docker.io/v1/';

/** `docker.io` for `busybox`, `user/app` and `docker.io/user/app`; else host and port as written. Pure. */
export function registryOf(image: string): string {
  const slash = image.indexOf('/');
  const first = slash < 0 ? '' : image.slice(0, slash);
  const isHost = /[.:]/.test(first) || first === 'localhost';
  return !isHost || first === 'index.docker.io' ? 'docker.io' : first;
}

const component = '[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*';
const label = '[a-zA-Z0-9-]+';
const domain = `(?:localhost|${label}(?:\\.${label})+|${label}(?=:)|\\[[a-fA-F0-9:]+\\])(?::[0-9]+)?`;
const reference = new RegExp(
  `^(?:${domain}/)?${component}(?:/${component})*(?::[\\w][\\w.-]{0,127})?(?:@[A-Za-z][A-Za-z0-9+._-]*:[0-9a-fA-F]{32,})?$`,
);

/** By the grammar of image references. */
export const isImageName = (image: string): boolean => reference.test(image);
