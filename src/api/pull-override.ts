export type ImagePullPolicy = 'Always' | 'IfNotPresent' | 'Never';

/** The words of `up --pull`, as docker has them, and the policy that then holds for all pods; `default` lets each container have its own. */
export const pullWords = {
  always: 'Always',
  missing: 'IfNotPresent',
  never: 'Never',
  default: undefined,
} as const satisfies Record<string, ImagePullPolicy | undefined>;

export type PullWord = keyof typeof pullWords;

export const isPullWord = (word: unknown): word is PullWord =>
  typeof word === 'string' && Object.hasOwn(pullWords, word);
