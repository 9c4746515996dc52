import { formatDiagnostic } from '../../api/format-diagnostic.js';
import { keysOf, missingReferences } from '../../api/missing-references.js';
import { errorCodes } from '../../lib/error-codes.js';
import type { CliContext } from '../cli-context.js';
import { readManifestFiles } from '../read-manifest-files.js';
import { usageError } from '../usage-error.js';

/** `validate FILE…`: all problems at once, without a daemon or an engine. Exit code 65 when there is an error. */
export async function validate(
  { output }: CliContext,
  files: string[],
  options: { output?: string },
): Promise<number> {
  if (options.output !== undefined && options.output !== 'json')
    throw usageError(`-o ${options.output}: only json`);
  const read = readManifestFiles(files);
  const diagnostics = [
    ...read.diagnostics,
    ...missingReferences(read.references, (wanted) => {
      const found = read.supporting.find(
        ({ resource, object: { metadata } }) =>
          resource === wanted.resource &&
          metadata.namespace === wanted.namespace &&
          metadata.name === wanted.name,
      );
      return found && keysOf(found.object);
    }),
  ];
  const errors = diagnostics.filter((each) => each.severity === 'error').length;
  const warnings = diagnostics.length - errors;
  const servings = read.modelServings.map(({ object, file, line }) => ({
    namespace: object.metadata.namespace,
    name: object.metadata.name,
    file,
    line,
  }));
  const objects = read.supporting.map(({ object: { kind, metadata }, file, line }) => ({
    kind,
    namespace: metadata.namespace,
    name: metadata.name,
    file,
    line,
  }));
  if (options.output === 'json') {
    const valid = errors === 0;
    output.data(JSON.stringify({ valid, modelServings: servings, objects, diagnostics }, null, 4));
    return errors > 0 ? errorCodes.SpecInvalid.exit : 0;
  }
  for (const each of diagnostics) output.progress(formatDiagnostic(each));
  for (const { file, name, line } of servings) output.data(`${file}:${line}: ModelServing ${name}`);
  for (const { file, kind, name, line } of objects) output.data(`${file}:${line}: ${kind} ${name}`);
  const said = [
    count(servings.length, 'ModelServing'),
    ...(objects.length > 0 ? [count(objects.length, 'other object')] : []),
    count(errors, 'error'),
    count(warnings, 'warning'),
  ].join(', ');
  output.data(
    `${output.stdout.status(errors > 0 ? 'bad' : 'good', errors > 0 ? 'invalid' : 'valid')}: ${said}`,
  );
  return errors > 0 ? errorCodes.SpecInvalid.exit : 0;
}

const count = (many: number, what: string): string => `${many} ${what}${many === 1 ? '' : 's'}`;
