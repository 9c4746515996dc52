/** What every Namespace is labelled with, whoever made it. */
export const namespaceLabels = (name: string): Record<string, string> => ({
  'kubernetes.io/metadata.name': name,
});
