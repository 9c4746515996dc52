import { parseKubeconfig } from '../api/parse-kubeconfig.js';
import { findKubeconfig } from './find-kubeconfig.js';
import { readKubeconfig } from './read-access.js';

/** The namespace that a kubeconfig's context gives to requests that name none. Throws Usage, DaemonUnreachable. */
export const contextNamespace = (kubeconfig?: string, context?: string): string | undefined =>
  parseKubeconfig(readKubeconfig(kubeconfig ?? findKubeconfig(context ?? '')), context).namespace;
