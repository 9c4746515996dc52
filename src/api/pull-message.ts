import type { Pod } from './types/resources.js';

/** What the engine has of an image so far. */
export interface PulledSoFar {
  doneBytes: number;
  totalBytes: number;
}

/** Kubernetes' words, with what is there: `Pulling image "x": 1.2/4.7 GiB (26 %)`. `readPullMessage` takes it apart again. Pure. */
export function pullMessage(image: string, progress?: PulledSoFar): string {
  const pulling = `Pulling image "${image}"`;
  if (!progress || progress.totalBytes <= 0) return pulling;
  const { doneBytes, totalBytes } = progress;
  const percent = Math.floor((100 * doneBytes) / totalBytes);
  return `${pulling}: ${amount(doneBytes, totalBytes)} (${percent} %)`;
}

export interface PullShown {
  readonly image: string;
  /** "1.2/4.7 GiB"; '' before the first bytes. */
  readonly amount: string;
  readonly percent: number | undefined;
}

/** undefined for a message about anything else. */
export function readPullMessage(message: string): PullShown | undefined {
  const found = /^Pulling image "([^"]*)"(?:: (\S+ \S+) \((\d+) %\))?$/.exec(message);
  if (!found) return undefined;
  const [, image = '', shown = '', percent] = found;
  return { image, amount: shown, percent: percent === undefined ? undefined : Number(percent) };
}

/** What the pod's containers wait for a pull of. */
export const pullsOf = ({ status }: Pod): PullShown[] =>
  [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])].flatMap(
    ({ state }) => readPullMessage(state?.waiting?.message ?? '') ?? [],
  );

/** Another pod's pull of the same image is waited for. */
export const followMessage = (image: string, whose: string): string =>
  `Waiting for image "${image}", which is being pulled for pod ${whose}`;

/** `pulling image "x"` of a pod that waits for it, whoever pulls; without numbers, so that it stays the same. */
export function pullingText({ status }: Pod): string | undefined {
  for (const { state } of [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])]) {
    const image = /^(?:Pulling|Waiting for) image "([^"]*)"/.exec(state?.waiting?.message ?? '')?.[1];
    if (image !== undefined) return `pulling image "${image}"`;
  }
  return undefined;
}

const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];

/** Both in the unit of the larger. */
function amount(doneBytes: number, totalBytes: number): string {
  const power = Math.min(units.length - 1, Math.floor(Math.log2(Math.max(1, totalBytes)) / 10));
  const text = (bytes: number) => {
    const value = bytes / 1024 ** power;
    return power === 0 || value >= 100 ? String(Math.round(value)) : value.toFixed(1);
  };
  return `${text(doneBytes)}/${text(totalBytes)} ${units[power]}`;
}
