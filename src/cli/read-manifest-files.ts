import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Diagnostic } from '../api/diagnostic.js';
import type { Reference } from '../api/missing-references.js';
import { type ParsedManifests, parseManifests } from '../api/parse-manifests.js';
import type { InForce } from '../api/read-model-serving.js';
import type { ModelServing } from '../api/types/model-serving.js';
import { messageOf } from '../lib/app-error.js';

export interface ReadManifests {
  readonly modelServings: readonly {
    readonly object: ModelServing;
    readonly file: string;
    readonly line: number;
  }[];
  /** What pods refer to. */
  readonly supporting: readonly (ParsedManifests['supporting'][number] & { readonly file: string })[];
  readonly references: readonly Reference[];
  readonly diagnostics: readonly Diagnostic[];
  readonly files: readonly string[];
}

/**
 * Reads files and folders (their *.yaml, *.yml and *.json, not deeper) and `-` for standard input. Everything wrong is a diagnostic, also a file
 * that is not there and a name that stands twice.
 */
export function readManifestFiles(paths: readonly string[], inForce?: InForce): ReadManifests {
  const modelServings: { object: ModelServing; file: string; line: number }[] = [];
  const diagnostics: Diagnostic[] = [];
  const files: string[] = [];
  const supporting: (ParsedManifests['supporting'][number] & { file: string })[] = [];
  const references: Reference[] = [];
  const add = (
    severity: 'error' | 'warning',
    code: string,
    file: string,
    message: string,
    line = 1,
    hint?: string,
  ) =>
    diagnostics.push({
      severity,
      code,
      message,
      ...(hint && { hint }),
      file,
      line,
      column: 1,
      fieldPath: '',
      pointer: '',
    });
  const places = new Map<string, string>();
  for (const path of paths) {
    try {
      for (const file of filesOf(path)) {
        files.push(file);
        const text = readFileSync(file === '-' ? 0 : file, 'utf8');
        const parsed = parseManifests(file === '-' ? '<stdin>' : file, text, inForce);
        diagnostics.push(...parsed.diagnostics);
        references.push(...parsed.references);
        const told = parsed.diagnostics.filter((each) => each.code === 'DuplicateName');
        const take = (
          kind: string,
          { namespace, name }: { namespace: string; name: string },
          line: number,
        ) => {
          const key = `${kind} ${namespace}/${name}`;
          const before = places.get(key);
          if (before !== undefined && !told.some((each) => each.line === line)) {
            add(
              'error',
              'DuplicateName',
              file,
              `${key} stands in ${before} already`,
              line,
              'give one of them another name',
            );
          }
          places.set(key, before ?? `${file}:${line}`);
        };
        for (const { object, line } of parsed.modelServings) {
          take('ModelServing', object.metadata, line);
          modelServings.push({ object, file, line });
        }
        for (const each of parsed.supporting) {
          take(each.object.kind, each.object.metadata, each.line);
          supporting.push({ ...each, file });
        }
      }
    } catch (error) {
      add('error', 'FileMissing', path, `cannot be read: ${messageOf(error)}`);
    }
  }
  if (
    modelServings.length + supporting.length === 0 &&
    !diagnostics.some((each) => each.severity === 'error')
  ) {
    add(
      'error',
      'NoModelServing',
      paths.join(', '),
      'there is no ModelServing in it',
      1,
      'examples/prefill-decode.yaml shows one',
    );
  }
  return { modelServings, supporting, references, diagnostics, files };
}

function filesOf(path: string): string[] {
  if (path === '-' || !statSync(path).isDirectory()) return [path];
  return readdirSync(path)
    .filter((name) => /\.(ya?ml|json)$/i.test(name) && !name.startsWith('.'))
    .sort()
    .map((name) => join(path, name));
}
