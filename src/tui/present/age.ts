import { humanDuration } from '../../lib/human-duration.js';

/** How long ago a time was, as kubectl prints ages; '' when the time is not known. */
export function age(sinceIso: string | undefined, nowMs: number): string {
  const sinceMs = Date.parse(sinceIso ?? '');
  return Number.isNaN(sinceMs) ? '' : humanDuration(nowMs - sinceMs);
}
