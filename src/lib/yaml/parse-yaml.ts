import { parseDocument } from 'yaml';
import { AppError, messageOf } from '../app-error.js';

/** The value of a text that is one YAML document, or JSON. Throws Usage, with the place. */
export function parseYaml(text: string): unknown {
  const document = parseDocument(text, { merge: true, logLevel: 'error' });
  const refused = (error: unknown) =>
    new AppError('Usage', `the request body is not YAML: ${messageOf(error)}`);
  const [error] = document.errors;
  if (error) throw refused(error);
  try {
    return document.toJS();
  } catch (why) {
    // Aliases of what is not there, of themselves, or of more than memory holds are found only now.
    throw refused(why);
  }
}
