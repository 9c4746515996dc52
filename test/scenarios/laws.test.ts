import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ownerLabel } from '../../src/api/labels.js';
import type { ModelServing } from '../../src/api/types/model-serving.js';
import { scenario } from './harness.js';
import { simulatedBed } from './simulated-bed.js';

type Scenario = Awaited<ReturnType<typeof scenario>>;
type Bed = ReturnType<typeof simulatedBed>;

const specArbitrary = fc.record({
  replicas: fc.integer({ min: 0, max: 3 }),
  prefill: fc.integer({ min: 0, max: 2 }),
  workers: fc.integer({ min: 0, max: 1 }),
  version: fc.constantFrom('1', '2'),
  rules: fc.constantFrom('ordinal', 'upstream'),
  type: fc.constantFrom('ServingGroupRollingUpdate' as const, 'RoleRollingUpdate' as const),
  recoveryPolicy: fc.constantFrom('RoleRecreate' as const, 'None' as const),
});
type Spec = typeof specArbitrary extends fc.Arbitrary<infer T> ? T : never;

const stepArbitrary = fc.oneof(
  { weight: 3, arbitrary: specArbitrary.map((spec) => ({ type: 'edit' as const, spec })) },
  {
    weight: 6,
    arbitrary: fc.record({
      type: fc.constantFrom('allow' as const, 'turns' as const),
      which: fc.nat(20),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      // `unheard`: it ends while the engine does not answer, and nobody is told.
      type: fc.constantFrom('fail' as const, 'evict' as const, 'unheard' as const, 'away' as const),
      which: fc.nat(20),
    }),
  },
  { weight: 1, arbitrary: fc.constantFrom({ type: 'restart' as const }, { type: 'remove' as const }) },
);
type Step = typeof stepArbitrary extends fc.Arbitrary<infer T> ? T : never;

function write(
  s: Scenario,
  { replicas, prefill, workers, version, rules, type, recoveryPolicy }: Spec,
): void {
  const more: Partial<ModelServing['spec']> = { recoveryPolicy, rolloutStrategy: { type } };
  const roles = [s.role('prefill', prefill, version), s.role('decode', 1, '1', { workers })];
  s.apply(replicas, roles, more, { 'minithena.dev/rules': rules });
}

async function act(s: Scenario, bed: Bed, step: Step, spec: Spec): Promise<void> {
  const names = s.podNames();
  const pod = 'which' in step ? names[step.which % Math.max(1, names.length)] : undefined;
  switch (step.type) {
    case 'edit':
      write(s, step.spec);
      break;
    case 'restart':
      await s.restart();
      // The files are read at every start: of a spec that no pass has seen yet, only they know.
      write(s, spec);
      break;
    case 'remove':
      // Its document is there again before its last container is gone, or after: a namesake waits for the first.
      s.remove();
      await s.until('it is gone', s.isGone);
      write(s, spec);
      break;
    case 'turns':
      for (let turn = 0; turn < step.which; turn++) await bed.turn();
      break;
    case 'allow':
      if (pod !== undefined) await s.allow(pod);
      break;
    case 'fail':
      if (pod !== undefined) await s.fail(pod);
      break;
    case 'evict':
      if (pod !== undefined) s.store.markDeleted('pods', { namespace: 'default', name: pod });
      break;
    case 'away':
    case 'unheard':
      bed.engine.disconnect('away');
      for (let turn = 0; turn < 3; turn++) await bed.turn();
      if (step.type === 'unheard' && pod !== undefined) bed.engine.exit(pod, 3);
      bed.engine.connect();
      break;
  }
  await bed.turn();
}

/** What the engine has of it, as `role state VERSION`. */
const running = (bed: Bed): string[] =>
  bed.engine
    .containers()
    .filter(({ labels }) => labels[ownerLabel.container] === 'main')
    .map(({ labels, state, spec }) => {
      const role = labels[ownerLabel.podName]?.replace(/^sample-\d+-/, '').split('-')[0];
      return `${role} ${state} ${spec.env.find((each) => each.name === 'VERSION')?.value}`;
    })
    .sort();

it('after any history of edits, failures, kills and unheard news, what runs is what the last spec says', async () => {
  await fc.assert(
    fc.asyncProperty(specArbitrary, fc.array(stepArbitrary, { maxLength: 12 }), async (first, steps) => {
      const bed = simulatedBed();
      const s = await scenario(bed);
      try {
        let spec = first;
        write(s, spec);
        for (const step of steps) {
          if (step.type === 'edit') spec = step.spec;
          await act(s, bed, step, spec);
        }
        const { replicas, prefill, workers, version } = spec;
        const pods = [
          ...Array.from({ length: prefill }, () => ['prefill', version]),
          ...Array.from({ length: 1 + workers }, () => ['decode', '1']),
        ];
        const wanted = Array.from({ length: replicas }, () => pods.map(([role, v]) => `${role} running ${v}`))
          .flat()
          .sort();
        // What has just ended may be news yet: that it had converged before is not the end then.
        for (let times = 0; times < 10; times++) {
          await s.converge();
          if (running(bed).join() === wanted.join()) break;
          await bed.turn();
        }
        expect(running(bed)).toEqual(wanted);
        expect(s.pods().length).toBe(replicas * pods.length);
        expect(s.operations().every((each) => !each.endsWith('Running'))).toBe(true);
      } finally {
        await s.close();
      }
    }),
    { numRuns: Math.ceil(Number(process.env.MINITHENA_RUNS ?? 2000) / 100) },
  );
}, 3_600_000);
