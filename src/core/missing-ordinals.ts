/** The lowest ordinals in [0, wanted) that are not there, at most `limit` of them. Its work grows with what is there, not with what is wanted. Pure. */
export function missingOrdinals(present: Iterable<number>, wanted: number, limit: number): number[] {
  const taken = new Set(present);
  const missing: number[] = [];
  for (let ordinal = 0; ordinal < wanted && missing.length < limit; ordinal++) {
    if (!taken.has(ordinal)) missing.push(ordinal);
  }
  return missing;
}
