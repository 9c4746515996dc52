/** The field by which Kubernetes tells the items of a list apart, by the name of the list. */
const mergeKeys: Readonly<Record<string, string>> = {
  addresses: 'type',
  conditions: 'type',
  containers: 'name',
  env: 'name',
  ephemeralContainers: 'name',
  hostAliases: 'ip',
  imagePullSecrets: 'name',
  initContainers: 'name',
  ownerReferences: 'uid',
  resourceClaims: 'name',
  roles: 'name',
  secrets: 'name',
  taints: 'key',
  topologySpreadConstraints: 'topologyKey',
  volumeDevices: 'devicePath',
  volumeMounts: 'mountPath',
  volumes: 'name',
};

/** Undefined for a list that is one value, replaced as a whole. Ports of a container and of a Service are told apart by their items. Pure. */
export function mergeKeyOf(field: string, ...lists: readonly (readonly unknown[])[]): string | undefined {
  if (field !== 'ports') return Object.hasOwn(mergeKeys, field) ? mergeKeys[field] : undefined;
  const isOfContainer = lists.flat().some((each) => isMap(each) && 'containerPort' in each);
  return isOfContainer ? 'containerPort' : 'port';
}

export const isMap = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
