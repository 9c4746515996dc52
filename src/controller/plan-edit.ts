import type { PlannedServing, PlanRequest } from '../api/control-types.js';
import { annotation } from '../api/labels.js';
import { parseManifests } from '../api/parse-manifests.js';
import type { ModelServing } from '../api/types/model-serving.js';
import { validateModelServing } from '../api/validate-model-serving.js';
import { changeOf, factsOf } from '../core/change-of.js';
import { desiredFrom } from '../core/desired-from.js';
import { AppError } from '../lib/app-error.js';
import type { ObjectStore } from '../store/object-store.js';
import type { Controller } from './start-controller.js';

/** The stages that an edit would cause by `simulate`, for each ModelServing it is about. Throws SpecInvalid, NotFound. */
export function planEdit(
  store: ObjectStore,
  { simulate }: Pick<Controller, 'simulate'>,
  request: PlanRequest,
): PlannedServing[] {
  const candidates = 'text' in request ? fromText(store, request) : [fromCounts(store, request)];
  return candidates.map((candidate) => ({
    namespace: candidate.metadata.namespace,
    name: candidate.metadata.name,
    change: changeTo(store, candidate),
    stages: simulate(candidate),
  }));
}

function changeTo(store: ObjectStore, candidate: ModelServing): string {
  const { namespace, name } = candidate.metadata;
  const stored = store.get('modelservings', namespace, name);
  // Which rules hold makes no difference to what the spec says.
  const before = stored && factsOf(desiredFrom(stored, 'ordinal'));
  return changeOf(before, desiredFrom(candidate, 'ordinal')).text;
}

function fromText(store: ObjectStore, { text, file }: { text: string; file: string }): ModelServing[] {
  const { modelServings, supporting, diagnostics } = parseManifests(
    file,
    text,
    ({ metadata: { namespace, name } }) => store.get('modelservings', namespace, name),
  );
  const error = diagnostics.find((each) => each.severity === 'error');
  if (error) {
    throw new AppError('SpecInvalid', `${error.file}:${error.line}:${error.column}: ${error.message}`, {
      hint: error.hint ?? 'correct the file',
      details: { diagnostics },
    });
  }
  const objects = modelServings.map(({ object }) => {
    const { namespace, name, annotations } = object.metadata;
    // What stands in no file: `up --stand-in`.
    const before = store.get('modelservings', namespace, name)?.metadata.annotations?.[annotation.standIn];
    if (before === undefined) return object;
    return {
      ...object,
      metadata: { ...object.metadata, annotations: { ...annotations, [annotation.standIn]: before } },
    };
  });
  const isKept = (each: ModelServing) =>
    objects.some(
      ({ metadata }) =>
        metadata.name === each.metadata.name && metadata.namespace === each.metadata.namespace,
    );
  const isEmpty = objects.length + supporting.length === 0;
  const isOfFile = ({ metadata }: ModelServing) => metadata.annotations?.[annotation.file] === file;
  const removed = isEmpty
    ? []
    : store.list('modelservings').items.filter((each) => isOfFile(each) && !isKept(each));
  const deletionTimestamp = new Date(0).toISOString();
  return [
    ...objects,
    ...removed.map((each) => ({ ...each, metadata: { ...each.metadata, deletionTimestamp } })),
  ];
}

function fromCounts(store: ObjectStore, request: Exclude<PlanRequest, { text: string }>): ModelServing {
  const { namespace, name, replicas, roleReplicas = {} } = request;
  const stored = store.get('modelservings', namespace, name);
  if (!stored)
    throw new AppError('NotFound', `modelservings "${name}" not found`, {
      hint: 'minithena get modelservings',
    });
  const unknown = Object.keys(roleReplicas).find(
    (role) => !stored.spec.template.roles.some((each) => each.name === role),
  );
  if (unknown !== undefined) {
    const hint = `roles: ${stored.spec.template.roles.map((role) => role.name).join(', ')}`;
    throw new AppError('NotFound', `${name} has no role "${unknown}"`, { hint });
  }
  const roles = stored.spec.template.roles.map((role) => ({
    ...role,
    replicas: roleReplicas[role.name] ?? role.replicas,
  }));
  const candidate: ModelServing = {
    ...stored,
    spec: {
      ...stored.spec,
      replicas: replicas ?? stored.spec.replicas,
      template: { ...stored.spec.template, roles },
    },
  };
  const [problem] = validateModelServing(candidate, stored).filter((each) => each.severity === 'error');
  if (problem)
    throw new AppError(
      'SpecInvalid',
      problem.message,
      problem.hint === undefined ? {} : { hint: problem.hint },
    );
  return candidate;
}
