/** Label keys. The first block is kthena's and stands on Pods; the second is ours and stands on containers, networks and volumes. */
export const label = {
  modelServing: 'modelserving.volcano.sh/name',
  group: 'modelserving.volcano.sh/group-name',
  role: 'modelserving.volcano.sh/role',
  roleId: 'modelserving.volcano.sh/role-id',
  entry: 'modelserving.volcano.sh/entry',
  revision: 'modelserving.volcano.sh/revision',
  roleTemplateHash: 'modelserving.volcano.sh/role-template-hash',
} as const;

export const ownerLabel = {
  owner: 'minithena.dev/owner',
  cluster: 'minithena.dev/cluster',
  clusterId: 'minithena.dev/cluster-id',
  namespace: 'minithena.dev/namespace',
  modelServingUid: 'minithena.dev/modelserving-uid',
  podName: 'minithena.dev/pod',
  podUid: 'minithena.dev/pod-uid',
  podIndex: 'minithena.dev/pod-index',
  podIp: 'minithena.dev/pod-ip',
  container: 'minithena.dev/container',
  specHash: 'minithena.dev/spec-hash',
  attempt: 'minithena.dev/attempt',
  /** Device ids that this container was given, separated by commas. */
  gpus: 'minithena.dev/gpus',
  /** The annotation of its Pod: also on containers without any, because they may be all there is when the Pod is put together again. */
  podGpus: 'minithena.dev/pod-gpus',
  composeProject: 'com.docker.compose.project',
} as const;

export const annotation = {
  /** The file that a ModelServing comes from, absolute. */
  file: 'minithena.dev/file',
  /** While that file holds a spec that does not validate: "<code> <file>:<line>:<column> <message>". */
  invalidSpec: 'minithena.dev/invalid-spec',
  /** On Pods: "80→127.0.0.1:49152", several separated by commas. */
  publishedPorts: 'minithena.dev/published-ports',
  /** On Pods, by the scheduler: the device ids of each container, "vllm=0,1;embedder=2". */
  gpus: 'minithena.dev/gpus',
  /** On the Node: ids of its devices, separated by commas; how often each may be given out. */
  gpuDevices: 'minithena.dev/gpu-devices',
  gpuSlots: 'minithena.dev/gpu-slots',
  /** On a ModelServing "true": vLLM and SGLang images are replaced by the stand-in. On Pods: what was replaced, "vllm=vllm/vllm-openai:v0.9.0". */
  standIn: 'minithena.dev/stand-in',
  /** On pod templates, for the simulated engine: "ready-after=2s,exit-after=1m,exit-code=3". */
  simulate: 'minithena.dev/simulate',
  rules: 'minithena.dev/rules',
  paused: 'minithena.dev/paused',
  /** kubectl's own: what it applied last. */
  lastApplied: 'kubectl.kubernetes.io/last-applied-configuration',
  podDeletionCost: 'controller.kubernetes.io/pod-deletion-cost',
} as const;
