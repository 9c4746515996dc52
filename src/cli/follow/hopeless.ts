import { canNeverFit, schedulingWord } from '../../api/scheduling-word.js';
import type { Pod } from '../../api/types/resources.js';
import { podSummary } from '../print/pod-summary.js';

const imageWords = new Set([
  'ErrImagePull',
  'ImagePullBackOff',
  'ErrImageNeverPull',
  'InvalidImageName',
  'ImageInspectError',
]);
const configWords = new Set(['CreateContainerConfigError', 'CreateContainerError', 'RunContainerError']);
/** A pull may fail once for want of a network; what fails this long needs a person. */
const stuckMs = 45_000;
/** A Pod of an older spec may still be on its way out. */
const neverFitsMs = 2_000;
const hostPortMs = 15_000;
const failureLimit = 4;

/**
 * Watches pods for what cannot come right by itself: an image that is not to be had, a container that cannot be made, a host port that is
 * taken, a container that fails again and again. Names of pods stay over re-creation, so failures of one name are counted together.
 */
export function hopelessPods() {
  const pods = new Map<string, { pod: Pod; word: string; sinceMs: number; trouble: Trouble | undefined }>();
  const failures = new Map<string, Set<string>>();
  return {
    changed(pod: Pod, nowMs: number): void {
      const { name } = pod.metadata;
      const { word } = podSummary(pod);
      const before = pods.get(name);
      // ErrImagePull and ImagePullBackOff take turns, and each new try looks like a beginning.
      const trouble = troubleOf(word) ?? (podSummary(pod).level === 'busy' ? before?.trouble : undefined);
      const goesOn = before?.word === word || (trouble !== undefined && before?.trouble === trouble);
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
    /** One sentence per pod; none when there is hope. */
    reasons(nowMs: number): string[] {
      return [...pods.values()].flatMap(({ pod, word, sinceMs }) => {
        const { name } = pod.metadata;
        const { level, message } = podSummary(pod);
        const said = message ? `: ${message}` : '';
        const lasted = nowMs - sinceMs;
        if (level === 'good' || pod.metadata.deletionTimestamp) return [];
        if (troubleOf(word) !== undefined && lasted >= stuckMs) return [`pod ${name} ${word}${said}`];
        if (isUnschedulable(pod) && canNeverFit(message) && lasted >= neverFitsMs)
          return [`pod ${name} ${schedulingWord(message)}${said}`];
        if (/port/i.test(message) && isUnschedulable(pod) && lasted >= hostPortMs)
          return [`pod ${name} Unschedulable${said}`];
        const count = failures.get(name)?.size ?? 0;
        return count >= failureLimit ? [`pod ${name} failed ${count} times (${word})${said}`] : [];
      });
    },
  };
}

type Trouble = 'image' | 'config';

const troubleOf = (word: string): Trouble | undefined => {
  const bare = word.replace(/^Init:/, '');
  return imageWords.has(bare) ? 'image' : configWords.has(bare) ? 'config' : undefined;
};

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
