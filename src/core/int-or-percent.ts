import type { IntOrPercent } from '../api/types/model-serving.js';

/** An integer as it is, `"p%"` as that share of `total`, rounded as told. Anything else is NaN: validation has refused it before. */
export function resolveIntOrPercent(value: IntOrPercent, total: number, round: 'up' | 'down'): number {
  if (typeof value === 'number') return value;
  const percent = /^(\d+)%$/.exec(value)?.[1];
  if (percent === undefined) return Number.NaN;
  const share = (Number(percent) * total) / 100;
  return round === 'up' ? Math.ceil(share) : Math.floor(share);
}
