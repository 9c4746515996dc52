import { AppError } from '../lib/app-error.js';
import type { DuplicateKey } from '../lib/yaml/parse-yaml.js';
import type { Exchange, Request } from './exchange.js';
import { readWriteOptions } from './write-options.js';

/** What is wrong with a body and not seen in its value, as Kubernetes' decoders word it. */
interface Doubts {
  /** Of `Strict`, joined there with those about unknown fields. */
  readonly errors: readonly string[];
  readonly warnings: readonly string[];
}

const none: Doubts = { errors: [], warnings: [] };
const known = new WeakMap<Request, Doubts>();

export function rememberJsonDuplicates(request: Request, paths: readonly string[]): void {
  const texts = paths.map((path) => `duplicate field "${path}"`);
  if (texts.length > 0) known.set(request, { errors: texts, warnings: texts });
}

export function rememberYamlDuplicates(request: Request, duplicates: readonly DuplicateKey[]): void {
  const texts = duplicates.map(({ key, line }) => `line ${line}: key "${key}" already set in map`);
  const error = ['yaml: unmarshal errors:', ...texts].join('\n  ');
  if (texts.length > 0) known.set(request, { errors: [error], warnings: texts });
}

/**
 * What the body of a write says twice, and the fields in it that nobody knows: the texts of the warnings about it. Throws Usage where the
 * client wants it strictly.
 */
export function judgeFields(exchange: Exchange, unknown: readonly string[] = []): readonly string[] {
  const { fieldValidation } = readWriteOptions(exchange);
  const { errors, warnings } = known.get(exchange.request) ?? none;
  const all = [...errors, ...unknown];
  if (fieldValidation === 'Strict' && all.length > 0)
    throw new AppError('Usage', `strict decoding error: ${all.join(', ')}`);
  return fieldValidation === 'Ignore' ? [] : [...warnings, ...unknown];
}
