import { parseDocument } from 'yaml';
import { AppError } from '../app-error.js';

/** The value of a text that is one YAML document, or JSON. Throws Usage, with the place. */
export function parseYaml(text: string): unknown {
  const document = parseDocument(text, { merge: true });
  const [error] = document.errors;
  if (error) throw new AppError('Usage', `the request body is not YAML: ${error.message}`);
  return document.toJS();
}
