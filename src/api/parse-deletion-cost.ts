const most = 2 ** 31 - 1;

/** What it costs to delete a Pod, as its annotation has it: a 32-bit integer, read as Kubernetes reads it. Anything else is undefined. Pure. */
export function parseDeletionCost(text: string): number | undefined {
  const cost = /^(0|-?[1-9]\d*)$/.test(text) ? Number(text) : Number.NaN;
  return cost >= -most - 1 && cost <= most ? cost : undefined;
}
