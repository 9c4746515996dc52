import type { ObjectStore } from './object-store.js';

/** The one node there is. */
export const nodeName = 'minithena';

/** The engine does not answer (the Node is Ready=Unknown): then nothing is decided and nothing is bound. */
export const engineIsAway = (store: ObjectStore): boolean =>
  store
    .get('nodes', '', nodeName)
    ?.status?.conditions?.some((each) => each.type === 'Ready' && each.status === 'Unknown') === true;
