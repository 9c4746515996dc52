import { podSummary } from '../../api/pod-summary.js';
import { type PullTrouble, pullTrouble } from '../../api/pull-trouble.js';
import { canNeverFit, schedulingWord } from '../../api/scheduling-word.js';
import type { Pod } from '../../api/types/resources.js';

const imageWords = new Set([
  'ErrImagePull',
  'ImagePullBackOff',
  'ErrImageNeverPull',
  'InvalidImageName',
  'ImageInspectError',
]);
const configWords = new Set(['CreateContainerConfigError', 'CreateContainerError', 'RunContainerError']);
/** What fails this long needs a person, unless it is a network that may come back: that, only the time limit of `up` ends. */
const stuckMs = 45_000;
/** A Pod of an older spec may still be on its way out. */
const neverFitsMs = 2_000;
/** An image that somebody builds or loads just now is given this long. */
const neverPullMs = 5_000;
/** What registry and engine say of an image and repeat once is so. */
const pullTries = 2;
/** Troubles that another try does not cure. */
const certain: ReadonlySet<PullTrouble> = new Set(['missing', 'denied', 'architecture']);
const hostPortMs = 15_000;
const failureLimit = 4;

/**
 * Watches pods for what cannot come right by itself: an image that is not to be had, a container that cannot be made, a host port that is
 * taken, a container that fails again and again. Names of pods stay over re-creation, so failures of one name are counted together.
 */
export function hopelessPods() {
  const pods = new Map<string, { pod: Pod; word: string; sinceMs: number; trouble: Trouble | undefined }>();
  const failures = new Map<string, Set<string>>();
  const pulls = new Map<string, { images: string; failed: number }>();
  return {
    changed(pod: Pod, nowMs: number): void {
      const { name } = pod.metadata;
      const { word } = podSummary(pod);
      const before = pods.get(name);
      // ErrImagePull and ImagePullBackOff take turns, and each new try looks like a beginning.
      const trouble = troubleOf(word) ?? (podSummary(pod).level === 'busy' ? before?.trouble : undefined);
      const goesOn = before?.word === word || (trouble !== undefined && before?.trouble === trouble);
      const images = imagesOf(pod);
      const tries = pulls.get(name);
      const counted = tries?.images === images ? tries : { images, failed: 0 };
      const failsAnew =
        bare(word) === 'ErrImagePull' ? before?.word !== word : counted.failed === 0 && trouble === 'image';
      pulls.set(name, failsAnew ? { images, failed: counted.failed + 1 } : counted);
      pods.set(name, { pod, word, trouble, sinceMs: before && goesOn ? before.sinceMs : nowMs });
      if (podSummary(pod).level === 'good') failures.delete(name);
      for (const key of failedRuns(pod)) {
        const runs = failures.get(name) ?? new Set();
        failures.set(name, runs.add(key));
      }
    },
    removed(name: string): void {
      pods.delete(name);
    },
    /** Contact was lost: what is there is told anew. */
    forget(): void {
      pods.clear();
    },
    /** Why Pods are not scheduled, each reason once. */
    unscheduled(): string[] {
      const messages = [...pods.values()].flatMap(({ pod }) =>
        isUnschedulable(pod) ? podSummary(pod).message : [],
      );
      return [...new Set(messages)];
    },
    /** One sentence per pod; none when there is hope. */
    reasons(nowMs: number): string[] {
      // All pods of a gang lack the same: the first one speaks for them.
      const told = new Set<string>();
      return [...pods.values()].flatMap(({ pod, word, sinceMs }) => {
        const { name } = pod.metadata;
        const { level, message } = podSummary(pod);
        const said = message ? `: ${message}` : '';
        const lasted = nowMs - sinceMs;
        if (level === 'good' || pod.metadata.deletionTimestamp) return [];
        const patienceMs = patience(word, message, pulls.get(name)?.failed ?? 0);
        if (troubleOf(word) !== undefined && lasted >= patienceMs) return [`pod ${name} ${word}${said}`];
        if (isUnschedulable(pod) && canNeverFit(message) && lasted >= neverFitsMs) {
          if (told.has(message)) return [];
          told.add(message);
          return [`pod ${name} ${schedulingWord(message)}${said}`];
        }
        if (/port/i.test(message) && isUnschedulable(pod) && lasted >= hostPortMs)
          return [`pod ${name} Unschedulable${said}`];
        const count = failures.get(name)?.size ?? 0;
        return count >= failureLimit ? [`pod ${name} failed ${count} times (${word})${said}`] : [];
      });
    },
  };
}

type Trouble = 'image' | 'config';

const bare = (word: string): string => word.replace(/^Init:/, '');
const troubleOf = (word: string): Trouble | undefined =>
  imageWords.has(bare(word)) ? 'image' : configWords.has(bare(word)) ? 'config' : undefined;

/** How long a word may stand before it is believed. */
function patience(word: string, message: string, failedPulls: number): number {
  if (bare(word) === 'InvalidImageName') return 0;
  if (bare(word) === 'ErrImageNeverPull') return neverPullMs;
  if (!/^(ErrImagePull|ImagePullBackOff)$/.test(bare(word))) return stuckMs;
  const trouble = pullTrouble(message);
  if (trouble === 'network') return Number.POSITIVE_INFINITY;
  return certain.has(trouble) && failedPulls >= pullTries ? 0 : stuckMs;
}

const imagesOf = ({ spec }: Pod): string =>
  [...(spec.initContainers ?? []), ...spec.containers].map(({ image }) => image).join(' ');

const isUnschedulable = (pod: Pod): boolean =>
  pod.status?.conditions?.some((each) => each.type === 'PodScheduled' && each.status === 'False') ?? false;

/** A key for each run of a container that ended badly. */
function failedRuns(pod: Pod): string[] {
  const uid = pod.metadata.uid ?? '';
  return [...(pod.status?.initContainerStatuses ?? []), ...(pod.status?.containerStatuses ?? [])].flatMap(
    (each) =>
      [each.state?.terminated, each.lastState?.terminated].flatMap((ended) =>
        ended && ended.exitCode !== 0
          ? [`${uid}/${each.name}/${ended.containerID ?? ended.finishedAt ?? each.restartCount}`]
          : [],
      ),
  );
}
