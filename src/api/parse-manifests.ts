import { didYouMean } from '../lib/did-you-mean.js';
import { type LocatedDocument, locatedDocuments } from '../lib/yaml/located-documents.js';
import { applyDefaults } from './apply-defaults.js';
import { checkShape } from './check-shape.js';
import type { Diagnostic } from './diagnostic.js';
import { fieldPath, type Problem } from './problem.js';
import { modelServingShape } from './schema/model-serving-shape.js';
import type { ModelServing } from './types/model-serving.js';
import { validateModelServing } from './validate-model-serving.js';

export interface ParsedManifests {
  /** `document` is the index of the YAML document in the file, `line` where it begins. */
  modelServings: { object: ModelServing; line: number; document: number }[];
  diagnostics: Diagnostic[];
}

const apiVersion = 'workload.serving.volcano.sh/v1alpha1';
/** Kinds that stand beside a ModelServing in published files. */
const neighbours = [
  'ConfigMap',
  'Secret',
  'PersistentVolumeClaim',
  'Service',
  'Namespace',
  'ModelServer',
  'ModelRoute',
  'PodGroup',
];

/** A file's text as ModelServings and everything that is wrong with it, all at once. Never throws. `file` is only for the messages. */
export function parseManifests(file: string, text: string): ParsedManifests {
  const result: ParsedManifests = { modelServings: [], diagnostics: [] };
  const names = new Map<string, number>();
  for (const [at, located] of locatedDocuments(text).entries()) {
    const problems = syntaxProblems(file, located);
    result.diagnostics.push(...problems);
    if (problems.some((each) => each.severity === 'error') || located.value == null) continue;
    const { object, diagnostics } = parseDocument(file, located);
    result.diagnostics.push(...diagnostics);
    if (!object) continue;
    const { namespace, name } = object.metadata;
    const key = `${namespace}/${name}`;
    const first = names.get(key);
    const { line, column, pointer } = located.locate(['metadata', 'name']);
    if (first !== undefined) {
      const message = `a ModelServing ${key} stands in line ${first} already`;
      result.diagnostics.push({
        severity: 'error',
        code: 'DuplicateName',
        message,
        hint: 'rename one of them',
        file,
        line,
        column,
        pointer,
        fieldPath: 'metadata.name',
      });
      continue;
    }
    names.set(key, line);
    result.modelServings.push({ object, line, document: at });
  }
  result.diagnostics.sort((a, b) => a.line - b.line || a.column - b.column);
  return result;
}

const syntaxProblems = (file: string, { problems }: LocatedDocument): Diagnostic[] =>
  problems.map(({ message, isError, at }) => ({
    severity: isError ? 'error' : 'warning',
    code: 'YamlSyntax',
    message,
    file,
    ...at,
    fieldPath: '',
  }));

function parseDocument(
  file: string,
  located: LocatedDocument,
): { object?: ModelServing; diagnostics: Diagnostic[] } {
  const toDiagnostics = (problems: readonly Problem[]) =>
    problems.map((each) => diagnosticOf(file, located, each));
  const kind = kindProblem(located.value);
  if (kind) return { diagnostics: toDiagnostics([kind]) };
  const problems: Problem[] = [];
  const checked = checkShape(located.value, modelServingShape, [], problems);
  if (problems.some((each) => each.severity === 'error')) return { diagnostics: toDiagnostics(problems) };
  const object = applyDefaults(checked as Parameters<typeof applyDefaults>[0]);
  problems.push(...validateModelServing(object));
  const isGood = !problems.some((each) => each.severity === 'error');
  return { ...(isGood && { object }), diagnostics: toDiagnostics(problems) };
}

function diagnosticOf(file: string, located: LocatedDocument, problem: Problem): Diagnostic {
  const { severity, code, message, hint, path, atKey } = problem;
  const { line, column, pointer } = located.locate(path, atKey ? 'key' : 'value');
  return {
    severity,
    code,
    message,
    ...(hint !== undefined && { hint }),
    file,
    line,
    column,
    pointer,
    fieldPath: fieldPath(path),
  };
}

function kindProblem(value: unknown): Problem | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return {
      severity: 'error',
      code: 'WrongType',
      message: 'a Kubernetes object is expected here',
      path: [],
      hint: `begin with apiVersion: ${apiVersion}`,
    };
  }
  const { kind, apiVersion: version } = value as { kind?: unknown; apiVersion?: unknown };
  if (typeof kind !== 'string') {
    return {
      severity: 'error',
      code: 'MissingField',
      message: '`kind` is required',
      path: ['kind'],
      hint: 'add kind: ModelServing',
    };
  }
  if (neighbours.includes(kind)) {
    return {
      severity: 'warning',
      code: 'NotActedOn',
      message: `a ${kind} is accepted without effect: it is not supported yet`,
      path: ['kind'],
    };
  }
  if (kind !== 'ModelServing') {
    const near = didYouMean(kind, ['ModelServing', ...neighbours]);
    const hint = near ? `did you mean \`${near}\`?` : 'minithena runs ModelServing';
    return {
      severity: 'error',
      code: 'UnknownKind',
      message: `a ${kind} cannot be run here`,
      path: ['kind'],
      hint,
    };
  }
  if (version === apiVersion) return undefined;
  const message = `the apiVersion of a ModelServing is ${apiVersion}, not ${String(version)}`;
  return {
    severity: 'error',
    code: 'UnknownKind',
    message,
    path: ['apiVersion'],
    hint: `write apiVersion: ${apiVersion}`,
  };
}
