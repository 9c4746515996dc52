import { parseKubeconfig } from '../api/parse-kubeconfig.js';
import { type Meant, readKubeconfigs } from './read-kubeconfigs.js';

/** The namespace that a kubeconfig's context gives to requests that name none. Throws Usage. */
export const contextNamespace = (meant: Meant): string | undefined =>
  parseKubeconfig(readKubeconfigs(meant), meant.context).namespace;
