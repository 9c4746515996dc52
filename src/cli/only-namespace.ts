/** Where to look for all of these: in their namespace when they share one, for a user may be allowed no more; else everywhere. */
export function onlyNamespace(refs: readonly { readonly namespace: string }[]): { namespace?: string } {
  const namespace = refs[0]?.namespace;
  return namespace !== undefined && refs.every((each) => each.namespace === namespace) ? { namespace } : {};
}
