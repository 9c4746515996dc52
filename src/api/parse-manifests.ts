import { didYouMean } from '../lib/did-you-mean.js';
import { textOf } from '../lib/text-of.js';
import { type LocatedDocument, locatedDocuments } from '../lib/yaml/located-documents.js';
import type { Diagnostic } from './diagnostic.js';
import { findReferences } from './find-references.js';
import type { Reference } from './missing-references.js';
import { fieldPath, type Problem } from './problem.js';
import { type InForce, readModelServing } from './read-model-serving.js';
import { isSupportingKind, readSupporting, type SupportingObject } from './read-supporting.js';
import { supportingShapes } from './schema/supporting-shapes.js';
import type { ModelServing } from './types/model-serving.js';

export interface ParsedManifests {
  /** `document` is the index of the YAML document in the file, `line` where it begins. */
  modelServings: { object: ModelServing; line: number; document: number }[];
  /** What their pods refer to. */
  supporting: (SupportingObject & { line: number; document: number })[];
  /** Which of these the pods cannot do without, and where the file says so. */
  references: Reference[];
  diagnostics: Diagnostic[];
}

const apiVersion = 'workload.serving.volcano.sh/v1alpha1';
/** Kinds that stand beside a ModelServing in published files. */
const neighbours = ['Service', 'Namespace', 'ModelServer', 'ModelRoute', 'PodGroup'];

/**
 * A file's text as ModelServings and everything that is wrong with it, all at once, also beside what is in force where that is known. Never
 * throws. `file` is only for the messages.
 */
export function parseManifests(file: string, text: string, inForce?: InForce): ParsedManifests {
  const result: ParsedManifests = { modelServings: [], supporting: [], references: [], diagnostics: [] };
  const names = new Map<string, number>();
  for (const [at, located] of locatedDocuments(text).entries()) {
    const problems = syntaxProblems(file, located, /\bkind["']?\s*:\s*["']?Secret\b/.test(text));
    result.diagnostics.push(...problems);
    if (problems.some((each) => each.severity === 'error') || located.value == null) continue;
    const { found, diagnostics } = parseDocument(file, located, inForce);
    result.diagnostics.push(...diagnostics);
    if (!found) continue;
    const { kind, metadata } = found.object;
    const key = `${metadata.namespace}/${metadata.name}`;
    const first = names.get(`${kind} ${key}`);
    const { line, column, pointer } = located.locate(['metadata', 'name']);
    if (first !== undefined) {
      const message = `a ${kind} ${key} stands in line ${first} already`;
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
    names.set(`${kind} ${key}`, line);
    if (found.resource === 'modelservings') {
      result.modelServings.push({ object: found.object, line, document: at });
      result.references.push(...referencesOf(file, located, found.object));
    } else result.supporting.push({ ...found, line, document: at });
  }
  result.diagnostics.sort((a, b) => a.line - b.line || a.column - b.column);
  return result;
}

const syntaxProblems = (file: string, { problems }: LocatedDocument, mayBeSecret: boolean): Diagnostic[] =>
  problems.map(({ message, isError, at }) =>
    masked(
      {
        severity: isError ? 'error' : 'warning',
        code: 'YamlSyntax',
        message,
        file,
        ...at,
        fieldPath: '',
      },
      mayBeSecret,
    ),
  );

const referencesOf = (file: string, located: LocatedDocument, object: ModelServing): Reference[] =>
  findReferences(object).map(({ path, ...reference }) => ({
    ...reference,
    namespace: object.metadata.namespace,
    at: { file, ...located.locate(path), fieldPath: fieldPath(path) },
  }));

type Found = SupportingObject | { resource: 'modelservings'; object: ModelServing };

function parseDocument(
  file: string,
  located: LocatedDocument,
  inForce: InForce | undefined,
): { found?: Found; diagnostics: Diagnostic[] } {
  const { kind } = (located.value ?? {}) as { kind?: unknown };
  const toDiagnostics = (problems: readonly Problem[]) =>
    problems.map((each) => masked(diagnosticOf(file, located, each), kind === 'Secret'));
  const problems: Problem[] = [];
  if (typeof kind === 'string' && isSupportingKind(kind)) {
    const found = readSupporting(kind, located.value, problems);
    return { ...(found && { found }), diagnostics: toDiagnostics(problems) };
  }
  const unknown = kindProblem(located.value);
  if (unknown) return { diagnostics: toDiagnostics([unknown]) };
  const object = readModelServing(located.value, problems, inForce);
  return {
    ...(object && { found: { resource: 'modelservings', object } }),
    diagnostics: toDiagnostics(problems),
  };
}

/** What is shown of a problem in a Secret: its keys, and none of its values. */
function masked(diagnostic: Diagnostic, isSecret: boolean): Diagnostic {
  if (!isSecret) return diagnostic;
  const { hint, message, pointer } = diagnostic;
  const [line = '', ...below] = pointer.split('\n');
  const key = /^\s*(?:- )?["']?[-.\w]+["']?:(?=\s|$)/.exec(line)?.[0] ?? '';
  return {
    ...diagnostic,
    // The parser too repeats what it stumbled over.
    message: message.replace(/(not the \w+|Invalid escape sequence) .*/s, '$1').replace(/: .*/s, ''),
    ...(hint !== undefined && { hint: hint.replace(/^(write it in quotes): .*/s, '$1') }),
    // Nor how long they are.
    pointer: [`${key} ***`, ...below.map((each) => each.replace(/\^+/, '^^^'))].join('\n'),
  };
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
    const near = didYouMean(kind, ['ModelServing', ...Object.keys(supportingShapes), ...neighbours]);
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
  const message = `the apiVersion of a ModelServing is ${apiVersion}, not ${textOf(version)}`;
  return {
    severity: 'error',
    code: 'UnknownKind',
    message,
    path: ['apiVersion'],
    hint: `write apiVersion: ${apiVersion}`,
  };
}
