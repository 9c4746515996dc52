/** What the benches of the terminal UI show: a ModelServing of 100 groups with two pods each. */
export const namespace = 'default';
const groupCount = 100;
const roles = ['prefill', 'decode'];
const createdAt = new Date().toISOString();
export const meta = (name, more = {}) => ({ name, namespace, creationTimestamp: createdAt, ...more });
const serving = {
  kind: 'ModelServing',
  metadata: meta('bench', { generation: 1 }),
  spec: {
    replicas: groupCount,
    template: { roles: roles.map((name) => ({ name, replicas: 1, workerReplicas: 0, entryTemplate: {} })) },
  },
  status: { observedGeneration: 1, replicas: groupCount, availableReplicas: groupCount, conditions: [] },
};
const groups = Array.from({ length: groupCount }, (_, ordinal) => ({
  kind: 'ServingGroup',
  metadata: meta(`bench-${ordinal}`),
  spec: { modelServing: 'bench', ordinal, revision: 'r', counts: { prefill: 1, decode: 1 } },
  status: {
    phase: 'Creating',
    reason: 'PodsNotReady',
    message: 'waits',
    readyPods: 1,
    totalPods: 2,
    restarts: 0,
  },
}));
export const instances = groups.flatMap((group) =>
  roles.map((role) => ({
    kind: 'Role',
    metadata: meta(`${group.metadata.name}-${role}-0`),
    spec: {
      modelServing: 'bench',
      group: group.metadata.name,
      groupOrdinal: group.spec.ordinal,
      role,
      roleId: `${role}-0`,
      ordinal: 0,
      revision: 'r',
    },
    status: {
      phase: 'Creating',
      reason: 'PodsNotReady',
      message: 'waits',
      readyPods: 0,
      totalPods: 1,
      restarts: 0,
    },
  })),
);
export const pod = ({ spec, metadata }, restarts, uid = `${metadata.name}-0`) => ({
  kind: 'Pod',
  metadata: meta(`${metadata.name}-0`, {
    uid,
    labels: {
      'modelserving.volcano.sh/name': 'bench',
      'modelserving.volcano.sh/group-name': spec.group,
      'modelserving.volcano.sh/role': spec.role,
      'modelserving.volcano.sh/role-id': spec.roleId,
    },
  }),
  spec: {
    nodeName: 'bench',
    containers: [
      {
        name: 'vllm',
        image: 'vllm/vllm-openai:v0.11.0',
        command: ['vllm', 'serve', 'model', '--port', '8000'],
        env: Array.from({ length: 12 }, (_, index) => ({ name: `NAME_${index}`, value: `value-${index}` })),
        ports: [{ containerPort: 8000 }],
        resources: { requests: { cpu: '1', memory: '1Gi' } },
        readinessProbe: { httpGet: { path: '/health', port: 8000 } },
      },
    ],
  },
  status: {
    phase: 'Running',
    podIP: '10.0.0.1',
    conditions: [{ type: 'Ready', status: restarts % 2 === 0 ? 'True' : 'False' }],
    containerStatuses: [
      {
        name: 'vllm',
        image: 'bench',
        imageID: '',
        ready: restarts % 2 === 0,
        restartCount: restarts,
        state: { running: { startedAt: createdAt } },
      },
    ],
  },
});
export const firstLists = {
  modelservings: [serving],
  servinggroups: groups,
  roles: instances,
  pods: instances.map((each) => pod(each, 0)),
};

/** What a container logs in a tenth of a second: two of a group make 10,000 lines a second. */
export function logPiece(from) {
  const now = new Date().toISOString();
  let text = '';
  for (let line = from; line < from + linesPerTick; line += 1)
    text += `${now} INFO 07-01 12:00:00 [loggers.py:118] Engine 000: prompt throughput: ${line} tokens/s\n`;
  return text;
}
export const linesPerTick = 500;
