/** Device ids by container name. */
export type GpuAssignment = Readonly<Record<string, readonly string[]>>;

/** The value of the annotation on Pods: "vllm=0,1;embedder=2". Pure. */
export const formatGpuAssignment = (assignment: GpuAssignment): string =>
  Object.entries(assignment)
    .filter(([, ids]) => ids.length > 0)
    .map(([container, ids]) => `${container}=${ids.join(',')}`)
    .join(';');

/** The other way round; what it does not understand it leaves out. An id may itself contain "=" (nvidia.com/gpu=0). Pure. */
export function parseGpuAssignment(text: string | undefined): GpuAssignment {
  const found: Record<string, readonly string[]> = {};
  for (const part of (text ?? '').split(';')) {
    const at = part.indexOf('=');
    const ids =
      at > 0
        ? part
            .slice(at + 1)
            .split(',')
            .filter(Boolean)
        : [];
    if (ids.length > 0) found[part.slice(0, at)] = ids;
  }
  return found;
}
