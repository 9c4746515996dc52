import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Diagnostic } from '../api/diagnostic.js';
import { parseManifests } from '../api/parse-manifests.js';
import type { ModelServing } from '../api/types/model-serving.js';
import { messageOf } from '../lib/app-error.js';

export interface ReadManifests {
  readonly modelServings: readonly {
    readonly object: ModelServing;
    readonly file: string;
    readonly line: number;
  }[];
  readonly diagnostics: readonly Diagnostic[];
  readonly files: readonly string[];
}

/**
 * Reads files and folders (their *.yaml, *.yml and *.json, not deeper) and `-` for standard input. Everything wrong is a diagnostic, also a file
 * that is not there and a name that stands twice.
 */
export function readManifestFiles(paths: readonly string[]): ReadManifests {
  const modelServings: { object: ModelServing; file: string; line: number }[] = [];
  const diagnostics: Diagnostic[] = [];
  const files: string[] = [];
  let supporting = 0;
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
        const parsed = parseManifests(file === '-' ? '<stdin>' : file, text);
        diagnostics.push(...parsed.diagnostics);
        supporting += parsed.supporting.length;
        for (const { object, line } of parsed.modelServings) {
          const key = `${object.metadata.namespace}/${object.metadata.name}`;
          const before = places.get(key);
          const alreadyTold = parsed.diagnostics.some(
            (each) => each.code === 'DuplicateName' && each.line === line,
          );
          if (before !== undefined && !alreadyTold) {
            add(
              'error',
              'DuplicateName',
              file,
              `ModelServing ${key} stands in ${before} already`,
              line,
              'give one of them another name',
            );
          }
          places.set(key, before ?? `${file}:${line}`);
          modelServings.push({ object, file, line });
        }
      }
    } catch (error) {
      add('error', 'FileMissing', path, `cannot be read: ${messageOf(error)}`);
    }
  }
  if (modelServings.length + supporting === 0 && !diagnostics.some((each) => each.severity === 'error')) {
    add(
      'error',
      'NoModelServing',
      paths.join(', '),
      'there is no ModelServing in it',
      1,
      'examples/prefill-decode.yaml shows one',
    );
  }
  return { modelServings, diagnostics, files };
}

function filesOf(path: string): string[] {
  if (path === '-' || !statSync(path).isDirectory()) return [path];
  return readdirSync(path)
    .filter((name) => /\.(ya?ml|json)$/i.test(name) && !name.startsWith('.'))
    .sort()
    .map((name) => join(path, name));
}
