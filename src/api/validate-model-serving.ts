import { didYouMean } from '../lib/did-you-mean.js';
import { stableJson } from '../lib/stable-json.js';
import { annotation } from './labels.js';
import { checkPodSpec } from './pod-rules/check-pod-spec.js';
import type { Problem } from './problem.js';
import { parseSimulatedOrders } from './simulated-orders.js';
import type { IntOrPercent, ModelServing, RoleSpec } from './types/model-serving.js';

/** `before` is the one in force, where there is one. */
type Rule = (of: ModelServing, report: Report, before: ModelServing | undefined) => void;
type Report = (
  code: string,
  message: string,
  path: Problem['path'],
  hint?: string,
  severity?: Problem['severity'],
) => void;

const dns1035 = /^[a-z]([-a-z0-9]*[a-z0-9])?$/;
const longestLabel = 63;
const longestRoleName = 12;
const mostRoles = 4;
const rolesPath = ['spec', 'template', 'roles'];
const updatePath = ['spec', 'rolloutStrategy', 'rollingUpdateConfiguration'];

/**
 * The rules of kthena's admission webhook on a ModelServing whose shape is right, by their numbers in docs/validation.md. All at once. `before` is
 * the one in force: what may not change is held against it, and what was right until a scale is a warning.
 */
export function validateModelServing(modelServing: ModelServing, before?: ModelServing): Problem[] {
  return [
    ...applyRules(rules, modelServing, before),
    ...podProblems(modelServing),
    ...warnings(modelServing),
  ];
}

function applyRules(
  chosen: readonly Rule[],
  modelServing: ModelServing,
  before: ModelServing | undefined,
): Problem[] {
  const problems: Problem[] = [];
  const report: Report = (code, message, path, hint, severity = 'error') =>
    problems.push({ severity, code, message, path, ...(hint !== undefined && { hint }) });
  for (const rule of chosen) rule(modelServing, report, before);
  return problems;
}

/** Rules that hold a number against replicas: without those they would find what is not there. */
const needReplicas = new Set(['V10', 'V13', 'V16', 'TooManyPods']);

/**
 * The same for one whose shape has errors elsewhere, as far as it can be told: what lies inside pod templates is not looked at when one of the
 * errors lies there. `offended` are the paths that have errors.
 */
export function validateMisshapen(
  modelServing: ModelServing,
  offended: readonly Problem['path'][],
  before?: ModelServing,
): Problem[] {
  const { metadata, spec } = modelServing;
  const roles: unknown = spec.template.roles;
  const isWhole =
    typeof metadata.name === 'string' &&
    Array.isArray(roles) &&
    roles.every((role: RoleSpec | undefined) => typeof role?.name === 'string');
  if (!isWhole) return [];
  const complete = spec.template.roles.map((role) => ({ ...role, workerReplicas: role.workerReplicas ?? 0 }));
  const told = new Set(offended.map((path) => path.join('/')));
  const countless = offended.some((path) => path.at(-1) === 'replicas');
  const inPods = offended.some((path) => path.includes('entryTemplate') || path.includes('workerTemplate'));
  const whole = { ...modelServing, spec: { ...spec, template: { ...spec.template, roles: complete } } };
  const chosen = inPods ? rules.filter((rule) => rule !== images) : rules;
  const found = applyRules(chosen, whole, before).filter(
    ({ code, path }) => !told.has(path.join('/')) && !(countless && needReplicas.has(code)),
  );
  return inPods ? found : [...found, ...podProblems(whole)];
}

const eachRole = (of: ModelServing, visit: (role: RoleSpec, path: (string | number)[]) => void) =>
  of.spec.template.roles.forEach((role, at) => void visit(role, [...rolesPath, at]));

/** V1: the longest name that pods will carry. */
const generatedNames: Rule = (of, report) =>
  eachRole(of, (role) => {
    const longest = `${of.metadata.name}-${of.spec.replicas}-${role.name}-${role.replicas}-${role.workerReplicas}`;
    if (longest.length > longestLabel) {
      const message = `pod names would be too long: "${longest}" has ${longest.length} characters, ${longestLabel} are allowed`;
      report('V1', message, ['metadata', 'name'], 'shorten the name of the ModelServing or of the role');
    } else if (!dns1035.test(longest) && dns1035.test(role.name)) {
      const hint = 'use lower-case letters, digits and hyphens, beginning with a letter';
      report('V1', `pod names such as "${longest}" would be no DNS names`, ['metadata', 'name'], hint);
    }
  });

/** V2, and the length and number of roles that the API allows. */
const roleNames: Rule = (of, report) => {
  eachRole(of, ({ name }, path) => {
    const hint = 'use lower-case letters, digits and hyphens, beginning with a letter';
    const isLabel = dns1035.test(name);
    if (!isLabel) report('V2', `role name "${name}" is no DNS label`, [...path, 'name'], hint);
    if (name.length > longestRoleName) {
      report(
        // The shorter limit is the schema's, not the rule's.
        isLabel && name.length <= longestLabel ? 'InvalidValue' : 'V2',
        `role name "${name}" has more than ${longestRoleName} characters`,
        [...path, 'name'],
        'shorten it',
      );
    }
  });
  const count = of.spec.template.roles.length;
  if (count === 0) report('V5', 'at least one role is needed', rolesPath, 'add a role');
  if (count > mostRoles)
    report('V5', `${count} roles are more than the ${mostRoles} allowed`, rolesPath, 'merge roles');
};

/** V3 */
const images: Rule = (of, report) =>
  eachRole(of, (role, path) => {
    for (const template of ['entryTemplate', 'workerTemplate'] as const) {
      for (const kind of ['initContainers', 'containers'] as const) {
        role[template]?.spec?.[kind]?.forEach((container, at) => {
          const image = container.image ?? '';
          const where = [...path, template, 'spec', kind, at, 'image'];
          if (image.trim() === '') report('V3', 'the image is blank', where, 'name an image');
          else if (/\s/.test(image))
            report('V3', `the image "${image}" contains a space`, where, 'remove the space');
        });
      }
    }
  });

/** V8 V9 V11: an integer from 0, or a percentage from 0% to 100%. */
function checkCount(
  code: string,
  name: string,
  value: IntOrPercent,
  path: Problem['path'],
  report: Report,
): boolean {
  const isRight =
    typeof value === 'number' ? Number.isInteger(value) && value >= 0 : /^(100|[1-9]?\d)%$/.test(value);
  if (!isRight) {
    report(
      code,
      `${name} "${value}" is neither an integer from 0 nor a percentage from 0% to 100%`,
      path,
      'write for example 1 or "25%"',
    );
  }
  return isRight;
}

const roundedDown = (value: IntOrPercent, total: number): number =>
  typeof value === 'number' ? value : Math.floor((Number.parseInt(value, 10) * total) / 100);

/** V7 V8 V9 V10 */
const rollingUpdate: Rule = ({ spec }, report, before) => {
  const update = spec.rolloutStrategy.rollingUpdateConfiguration;
  if (!update) return;
  if (spec.rolloutStrategy.type === 'RoleRollingUpdate') {
    const hint = 'set maxUnavailable and partition on the roles, or use ServingGroupRollingUpdate';
    report(
      'V7',
      'rollingUpdateConfiguration is not allowed with rolloutStrategy.type RoleRollingUpdate',
      updatePath,
      hint,
    );
  }
  const { maxUnavailable, partition } = update;
  if (partition !== undefined) checkCount('V9', 'partition', partition, [...updatePath, 'partition'], report);
  if (maxUnavailable === undefined) return;
  const path = [...updatePath, 'maxUnavailable'];
  if (!checkCount('V8', 'maxUnavailable', maxUnavailable, path, report) || spec.replicas === 0) return;
  if (roundedDown(maxUnavailable, spec.replicas) > 0) return;
  const stood = before?.spec.rolloutStrategy.rollingUpdateConfiguration?.maxUnavailable;
  comesToNothing('V10', maxUnavailable, stood, spec.replicas, path, report);
};

/** V10 V13: no roll-out could go on. A percentage that stood before, and comes to 0 by scaling, counts as 1. */
function comesToNothing(
  code: string,
  value: IntOrPercent,
  stood: IntOrPercent | undefined,
  replicas: number,
  path: Problem['path'],
  report: Report,
): void {
  const isByScaling = typeof value === 'string' && value === stood;
  const what = `maxUnavailable ${value} comes to 0 of ${replicas} replicas`;
  const so = isByScaling ? 'it counts as 1' : 'no roll-out could go on';
  report(code, `${what}: ${so}`, path, 'write 1 or more', isByScaling ? 'warning' : 'error');
}

/** V11 V12 V13 */
const roleUpdate: Rule = (of, report, before) =>
  eachRole(of, (role, path) => {
    const byRole = of.spec.rolloutStrategy.type === 'RoleRollingUpdate';
    if (role.partition !== undefined) {
      if (!byRole) {
        const hint =
          'set rolloutStrategy.type: RoleRollingUpdate, or use rollingUpdateConfiguration.partition';
        report(
          'V12',
          'a role has a partition only with rolloutStrategy.type RoleRollingUpdate',
          [...path, 'partition'],
          hint,
        );
      }
      checkCount('V11', 'partition', role.partition, [...path, 'partition'], report);
    }
    if (role.maxUnavailable === undefined) return;
    const at = [...path, 'maxUnavailable'];
    if (!checkCount('V11', 'maxUnavailable', role.maxUnavailable, at, report)) return;
    const most = roundedDown(role.maxUnavailable, role.replicas);
    if (most === 0 && role.replicas > 0) {
      const stood = before?.spec.template.roles.find(({ name }) => name === role.name);
      comesToNothing('V13', role.maxUnavailable, stood?.maxUnavailable, role.replicas, at, report);
    } else if (most > role.replicas) {
      report(
        'V13',
        `maxUnavailable ${role.maxUnavailable} is more than the ${role.replicas} replicas of the role`,
        at,
        'lower it',
      );
    }
  });

/** V14 V15 V16, and that they stay what they are. */
const gangs: Rule = ({ spec }, report, before) => {
  const base = ['spec', 'template', 'gangPolicy', 'minRoleReplicas'];
  const least = spec.template.gangPolicy?.minRoleReplicas;
  const stood = before?.spec.template.gangPolicy?.minRoleReplicas;
  if (stood !== undefined && stableJson(stood) !== stableJson(least ?? null)) {
    const hint = 'put the old value back, or take the serving down and up again';
    report('Immutable', 'minRoleReplicas may be added, and then neither changed nor removed', base, hint);
  }
  for (const [name, count] of Object.entries(least ?? {})) {
    const role = spec.template.roles.find((each) => each.name === name);
    const path = [...base, name];
    if (!role)
      report(
        'V14',
        `minRoleReplicas names the role "${name}", which does not exist`,
        path,
        `roles: ${spec.template.roles.map((each) => each.name).join(', ')}`,
      );
    if (count < 0) report('V15', `minRoleReplicas of "${name}" is ${count}: it must be at least 0`, path);
    if (role && count > role.replicas) {
      report(
        'V16',
        `minRoleReplicas of "${name}" is ${count}, more than its ${role.replicas} replicas`,
        path,
        'lower it, or raise replicas',
      );
    }
  }
};

/** V18 */
const workers: Rule = (of, report) =>
  eachRole(of, (role, path) => {
    if (role.workerReplicas > 0 && !role.workerTemplate) {
      const hint = 'add workerTemplate, or set workerReplicas: 0';
      report(
        'V18',
        `role "${role.name}" has ${role.workerReplicas} workers and no workerTemplate`,
        [...path, 'workerTemplate'],
        hint,
      );
    }
  });

/** V19 */
const recoveryAndRollout: Rule = ({ spec }, report) => {
  if (spec.recoveryPolicy === 'ServingGroupRecreate' && spec.rolloutStrategy.type === 'RoleRollingUpdate') {
    const hint = 'use recoveryPolicy: RoleRecreate, or ServingGroupRollingUpdate';
    report(
      'V19',
      'recoveryPolicy ServingGroupRecreate and rolloutStrategy.type RoleRollingUpdate exclude each other',
      ['spec', 'rolloutStrategy', 'type'],
      hint,
    );
  }
};

/** Far beyond what one machine runs, and what can still be planned: a slip of the keyboard, not a wish. */
const mostPods = 10_000;

/** Ours: kthena leaves this to the cluster, which says no to each pod by itself. */
const podCount: Rule = ({ spec }, report) => {
  const hint = 'lower it';
  const ofRoles = spec.template.roles.map((role) => role.replicas * (1 + role.workerReplicas));
  const perGroup = ofRoles.reduce((sum, count) => sum + count, 0);
  const most = ofRoles.indexOf(Math.max(...ofRoles));
  if (perGroup > mostPods)
    report(
      'TooManyPods',
      `each ServingGroup would have ${perGroup} pods: a ModelServing may have ${mostPods} in all`,
      [...rolesPath, most, 'replicas'],
      hint,
    );
  else if (spec.replicas * Math.max(1, perGroup) > mostPods)
    report(
      'TooManyPods',
      perGroup === 0
        ? `${spec.replicas} ServingGroups are more than the ${mostPods} that a ModelServing may have`
        : `${spec.replicas} ServingGroups would have ${spec.replicas * perGroup} pods: a ModelServing may have ${mostPods} in all`,
      ['spec', 'replicas'],
      hint,
    );
};

const rules: readonly Rule[] = [
  generatedNames,
  roleNames,
  images,
  rollingUpdate,
  roleUpdate,
  gangs,
  workers,
  recoveryAndRollout,
  podCount,
];

function podProblems(of: ModelServing): Problem[] {
  return of.spec.template.roles.flatMap((role, at) =>
    (['entryTemplate', 'workerTemplate'] as const).flatMap((template) => {
      const path = [...rolesPath, at, template];
      const { spec, metadata } = role[template] ?? {};
      const { unknown } = parseSimulatedOrders(metadata?.annotations?.[annotation.simulate] ?? '');
      return [
        ...(spec ? checkPodSpec(spec, [...path, 'spec']) : []),
        ...unknown.map((word) =>
          notActedOn(
            `"${word}" tells the simulated engine nothing`,
            [...path, 'metadata', 'annotations', annotation.simulate],
            'write for example ready-after=2s, exit-after=1m, main:exit-code=3',
          ),
        ),
      ];
    }),
  );
}

const notActedOn = (message: string, path: Problem['path'], hint?: string): Problem => ({
  severity: 'warning',
  code: 'NotActedOn',
  message,
  path,
  ...(hint !== undefined && { hint }),
});

/** Our own annotations whose value says nothing, and plugins that nobody knows. */
function warnings({ metadata, spec }: ModelServing): Problem[] {
  const marks = Object.entries(choices).flatMap(([name, known]) => {
    const value: unknown = metadata.annotations?.[name];
    if (typeof value !== 'string' || known.includes(value)) return [];
    const near = didYouMean(value, known);
    const hint = near ? `did you mean \`${near}\`?` : `write ${known.join(' or ')}`;
    return [notActedOn(`"${value}" is none of ${known.join(', ')}`, ['metadata', 'annotations', name], hint)];
  });
  const plugins = (spec.plugins ?? []).flatMap((plugin, at) =>
    plugin.name === 'demo-pod-tweaks'
      ? []
      : [
          notActedOn(`the plugin "${plugin.name}" is not known and does nothing`, [
            'spec',
            'plugins',
            at,
            'name',
          ]),
        ],
  );
  return [...marks, ...plugins];
}

const choices: Readonly<Record<string, readonly string[]>> = {
  [annotation.rules]: ['ordinal', 'upstream'],
  [annotation.paused]: ['true', 'false'],
  [annotation.standIn]: ['true', 'false'],
};
