import { apply } from '../../dist/core/apply.js';
import { desiredFrom } from '../../dist/core/desired-from.js';
import { plan } from '../../dist/core/plan/plan.js';
import { settle } from '../../dist/core/settle.js';
import { simulate } from '../../dist/core/simulate.js';
import { median, ms } from './median.mjs';

const role = (name, replicas) => ({
  name,
  replicas,
  workerReplicas: 3,
  entryTemplate: { spec: { containers: [{ name: 'c', image: 'a' }] } },
  workerTemplate: { spec: { containers: [{ name: 'c', image: 'a' }] } },
});
const serving = (replicas, counts) => ({
  metadata: { name: 'bench', namespace: 'default', uid: 'u', generation: 1 },
  spec: {
    replicas,
    recoveryPolicy: 'RoleRecreate',
    rolloutStrategy: { type: 'ServingGroupRollingUpdate' },
    template: { restartGracePeriodSeconds: 0, roles: counts.map((count, at) => role(`role-${at}`, count)) },
  },
});
/** The state that the spec converges to: created group by group by the rules themselves. */
function converged(replicas, counts) {
  const desired = desiredFrom(serving(replicas, counts), 'ordinal');
  const groups = Array.from({ length: replicas }, (_, group) => ({
    type: 'CreateGroup',
    group,
    revision: desired.revision,
    counts: Object.fromEntries(desired.roles.map((each) => [each.name, each.replicas])),
  }));
  const none = { groups: [], revisions: {}, currentRevision: '', backOff: {} };
  const begun = apply(desired, none, { actions: groups, holds: [] }, 0);
  return apply(desired, settle(begun), { actions: [], holds: [] }, 0);
}
const time = (run) => {
  const started = performance.now();
  run();
  return performance.now() - started;
};

/** The pure decisions: 1,000 groups × 3 roles × 4 pods, and a role scaling of 100 groups. */
export async function run() {
  const big = converged(1000, [1, 1, 1]);
  const more = desiredFrom(serving(1001, [1, 1, 1]), 'ordinal');
  const hundred = converged(100, [1, 1, 1]);
  const scaled = desiredFrom(serving(100, [2, 1, 1]), 'ordinal');
  const plans = Array.from({ length: 20 }, () => time(() => plan(more, big, 0)));
  const simulations = Array.from({ length: 5 }, () => time(() => simulate(scaled, hundred, 0)));
  return [
    `plan      1,000 groups × 3 roles × 4 pods: median ${ms(median(plans))} (aim: under 50 ms)`,
    `simulate  a role scaling of 100 groups, ${simulate(scaled, hundred, 0).length} stages: median ${ms(median(simulations))} (aim: under 500 ms)`,
  ];
}
