/**
 * What a Pod needs of one thing at most at any time, as Kubernetes counts it: its containers together, or an init container if that needs
 * more; sidecars run on, so they are added to whatever comes after them. Init containers and sidecars come first, in their order. Pure.
 */
export function effective(
  steps: readonly { readonly kind: 'init' | 'sidecar' | 'app'; readonly amount: number }[],
): number {
  let [sidecars, initial, apps] = [0, 0, 0];
  for (const { kind, amount } of steps) {
    if (kind === 'app') apps += amount;
    else if (kind === 'sidecar') {
      sidecars += amount;
      initial = Math.max(initial, sidecars);
    } else initial = Math.max(initial, sidecars + amount);
  }
  return Math.max(initial, sidecars + apps);
}
