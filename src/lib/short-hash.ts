import { createHash } from 'node:crypto';
import { stableJson } from './stable-json.js';

// Kubernetes' "safe" alphabet: no vowels and no look-alikes, so a hash never spells a word.
const alphabet = 'bcdfghjklmnpqrstvwxz2456789';

/** Ten characters of Kubernetes' safe alphabet over the stable JSON of `value`. Pure. */
export function shortHash(value: unknown): string {
  const digest = createHash('sha256').update(stableJson(value)).digest();
  return [...digest.subarray(0, 10)].map((byte) => alphabet[byte % alphabet.length]).join('');
}
