import { programVersion } from '../lib/program-version.js';

/** The version of Kubernetes whose API is spoken, with what speaks it. kubectl warns when it is more than one minor version away. */
export const kubernetesVersion = { major: '1', minor: '30', text: `v1.30.0-minithena.${programVersion()}` };
