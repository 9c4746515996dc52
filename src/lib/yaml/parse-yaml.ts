import { isScalar, LineCounter, parseDocument, visit } from 'yaml';
import { AppError, messageOf } from '../app-error.js';

/** A key that a map has more than once, with its line; the last value counts. */
export interface DuplicateKey {
  readonly key: string;
  readonly line: number;
}

/** The value of a text that is one YAML document, or JSON, and the keys that it says twice. Throws Usage, with the place. */
export function parseYaml(text: string): { value: unknown; duplicates: readonly DuplicateKey[] } {
  const lines = new LineCounter();
  const options = { merge: true, logLevel: 'error', uniqueKeys: false, lineCounter: lines } as const;
  const document = parseDocument(text, options);
  const refused = (error: unknown) =>
    new AppError('Usage', `the request body is not YAML: ${messageOf(error)}`);
  const [error] = document.errors;
  if (error?.code === 'MULTIPLE_DOCS')
    throw new AppError('Usage', 'the request body has more than one YAML document', {
      hint: 'send one object at a time',
    });
  if (error) throw refused(error);
  const duplicates: DuplicateKey[] = [];
  visit(document, {
    Map(_key, { items }) {
      const seen = new Set<unknown>();
      for (const { key } of items) {
        if (!isScalar(key) || key.value === '<<') continue;
        if (seen.has(key.value))
          duplicates.push({ key: String(key.value), line: lines.linePos(key.range?.[0] ?? 0).line });
        seen.add(key.value);
      }
    },
  });
  try {
    return { value: document.toJS(), duplicates };
  } catch (why) {
    // Aliases of what is not there, of themselves, or of more than memory holds are found only now.
    throw refused(why);
  }
}
