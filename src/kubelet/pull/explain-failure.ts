import { type PullTrouble, pullTrouble } from '../../api/pull-trouble.js';
import type { CredentialSearch } from './find-credentials.js';
import { registryOf } from './image-name.js';

/** The engine's words, what the registry was shown where that matters, and one thing to do next. Pure. */
export function explainFailure(image: string, said: string, search: CredentialSearch | undefined): string {
  const registry = registryOf(image);
  const trouble = pullTrouble(said);
  const shown = mayBeDenied(said) ? ` (${whatWasShown(registry, search)})` : '';
  const next = nextStep(trouble, image, registry);
  return `${said.replace(/[.\s]+$/, '')}${shown}${next ? `; ${next}` : ''}`;
}

/** Registries hide what they deny as missing. */
export const mayBeDenied = (said: string): boolean => ['denied', 'missing'].includes(pullTrouble(said));

function whatWasShown(registry: string, search: CredentialSearch | undefined): string {
  const sources = (search?.found ?? []).map(({ source }) => source);
  const used =
    sources.length > 0 ? `with the credentials of ${sources.join(', then of ')}` : 'without credentials';
  const problem = search?.problem ? `; ${search.problem}` : '';
  return `registry ${registry}, asked ${used}${problem}`;
}

function nextStep(trouble: PullTrouble, image: string, registry: string): string {
  const login = `docker login${registry === 'docker.io' ? '' : ` ${registry}`}`;
  switch (trouble) {
    case 'denied':
      return `check the name, then run \`${login}\` or name a Secret in imagePullSecrets`;
    case 'missing':
      return 'check the name and tag of the image';
    case 'architecture':
      return 'take an image that is built for this machine as well, or build it here';
    case 'rateLimit':
      return `run \`${login}\`, wait, or use a mirror`;
    case 'diskFull':
      return 'make room: `docker system df` shows what takes it';
    case 'unknownHost':
      return `check the name ${registry}, or that the engine has a network: docker pull ${image}`;
    case 'network':
      return `check that the engine reaches ${registry} (network, proxy): docker pull ${image}`;
    case 'invalidName':
      return 'write it as registry/name:tag, the name in lower case';
    case 'other':
      return '';
  }
}
