import { AppError } from '../../lib/app-error.js';

/** One term of a field selector. All terms of a selector must hold. */
export interface FieldTerm {
  readonly field: string;
  readonly operator: '=' | '!=';
  readonly value: string;
}

const hint =
  'terms are field=value and field!=value, joined by commas; "\\" goes before "=", "," and "\\" in a value';

/** Kubernetes' grammar of field selectors; spaces count. Which fields a kind has is not its matter. Throws Usage. Pure. */
export function parseFieldSelector(text: string): FieldTerm[] {
  return splitTerms(text)
    .filter((term) => term !== '')
    .map((term) => {
      const parts = /^(.*?)(!=|==|=)(.*)$/s.exec(term);
      if (!parts)
        throw new AppError('Usage', `invalid selector: '${text}'; can't understand '${term}'`, { hint });
      const [, field = '', operator, value = ''] = parts;
      return { field, operator: operator === '!=' ? '!=' : '=', value: unescaped(value) };
    });
}

/** At commas that have no backslash before them. */
const splitTerms = (text: string): string[] => text.match(/(?:\\.|[^\\,]|\\$)+/gs) ?? [];

function unescaped(value: string): string {
  if (!/[\\,=]/.test(value)) return value;
  return value.replaceAll(/\\(.)?|[,=]/gs, (found: string, escaped: string | undefined) => {
    if (escaped !== undefined && '\\,='.includes(escaped)) return escaped;
    throw new AppError(
      'Usage',
      found.startsWith('\\')
        ? `invalid field selector: invalid escape sequence: ${found}`
        : `invalid field selector: unescaped character in value: ${found}`,
      { hint },
    );
  });
}
