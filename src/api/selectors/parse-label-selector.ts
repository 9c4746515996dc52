import { AppError } from '../../lib/app-error.js';
import { labelKeyProblems, labelValueProblems } from './label-syntax.js';

/** One term of a label selector. All terms of a selector must hold. */
export type LabelTerm =
  | { readonly operator: 'exists' | 'absent'; readonly key: string }
  | { readonly operator: 'in' | 'notin'; readonly key: string; readonly values: ReadonlySet<string> }
  | { readonly operator: '>' | '<'; readonly key: string; readonly bound: bigint };

type Token = { readonly kind: string; readonly text: string };

const symbols = /[\t\n\r ]*(==|!=|[=!(),<>]|[^=!(),<>\t\n\r ]+)/gy;
const operators = ['=', '==', '!=', 'in', 'notin', '>', '<'];
const grammar = 'terms are a=b, a!=b, "a in (b,c)", "a notin (b,c)", a, !a, a>1 and a<1, joined by commas';

/**
 * Kubernetes' whole grammar of label selectors: what its parser takes is taken, what it refuses is refused in its words.
 * Throws Usage. Pure.
 */
export function parseLabelSelector(text: string): LabelTerm[] {
  const tokens = tokensOf(text);
  const terms: LabelTerm[] = [];
  if (tokens.next().kind === 'end') return terms;
  for (;;) {
    const start = tokens.next();
    if (!startsTerm(start))
      throw refused(
        terms.length === 0
          ? `found '${start.text}', expected: !, identifier, or 'end of string'`
          : `found '${start.text}', expected: identifier after ','`,
      );
    terms.push(parseTerm(tokens));
    const after = tokens.take();
    if (after.kind === 'end') return terms;
    if (after.kind !== ',') throw refused(`found '${after.text}', expected: ',' or 'end of string'`);
  }
}

const startsTerm = ({ kind }: Token) => kind === 'word' || kind === '!';

const refused = (message: string) => new AppError('Usage', message, { hint: grammar });
const refusedTerm = (message: string) => refused(`unable to parse requirement: ${message}`);

interface Tokens {
  next(): Token;
  take(): Token;
}

function tokensOf(text: string): Tokens {
  const all = [...text.matchAll(symbols)].map(
    ([, word = '']): Token => ({
      kind: /^[=!(),<>]/.test(word) ? word : 'word',
      text: word,
    }),
  );
  let at = 0;
  const next = () => all[at] ?? { kind: 'end', text: '' };
  return {
    next,
    take() {
      const token = next();
      at += 1;
      return token;
    },
  };
}

function parseTerm(tokens: Tokens): LabelTerm {
  const isNegated = tokens.next().kind === '!';
  if (isNegated) tokens.take();
  const { kind, text: key } = tokens.take();
  if (kind !== 'word') throw refusedTerm(`found '${key}', expected: identifier`);
  const problems = labelKeyProblems(key);
  if (problems.length > 0) throw refusedTerm(`<nil>: Invalid value: ${quoted(key)}: ${problems.join('; ')}`);
  if (isNegated) return { operator: 'absent', key };
  const following = tokens.next().kind;
  if (following === 'end' || following === ',') return { operator: 'exists', key };
  return parseComparison(tokens, key);
}

function parseComparison(tokens: Tokens, key: string): LabelTerm {
  const { text: operator } = tokens.take();
  if (operator === 'in' || operator === 'notin') {
    const values = parseValues(tokens);
    checkValues(key, values);
    return { operator, key, values: new Set(values) };
  }
  if (!operators.includes(operator))
    throw refusedTerm(`found '${operator}', expected: in, notin, =, ==, !=, gt, lt`);
  const value = parseValue(tokens);
  if (operator === '>' || operator === '<') {
    const bound = parseInteger(value);
    if (bound === undefined)
      throw refusedTerm(
        `values[0]: Invalid value: ${quoted(value)}: for 'Gt', 'Lt' operators, the value must be an integer`,
      );
    checkValues(key, [value]);
    return { operator, key, bound };
  }
  checkValues(key, [value]);
  return { operator: operator === '!=' ? 'notin' : 'in', key, values: new Set([value]) };
}

function parseValue(tokens: Tokens): string {
  const { kind } = tokens.next();
  if (kind === 'end' || kind === ',') return '';
  const { text } = tokens.take();
  if (kind !== 'word') throw refusedTerm(`found '${text}', expected: identifier`);
  return text;
}

/** `(a,b)`, sorted. An item may be empty, as in `(,a)` and `()`. */
function parseValues(tokens: Tokens): string[] {
  const open = tokens.take();
  if (open.kind !== '(') throw refusedTerm(`found '${open.text}' expected: '('`);
  const first = tokens.next();
  if (first.kind !== 'word' && first.kind !== ',' && first.kind !== ')')
    throw refusedTerm(`found '${first.text}', expected: ',', ')' or identifier`);
  const values = new Set<string>();
  for (;;) {
    const item = tokens.next();
    if (item.kind === 'word') values.add(tokens.take().text);
    else if (item.kind === ',' || item.kind === ')') values.add('');
    else throw refusedTerm(`found '${item.text}', expected: ',', or identifier`);
    const after = tokens.take();
    if (after.kind === ')') return [...values].sort();
    if (after.kind !== ',') throw refusedTerm(`found '${after.text}', expected: ',' or ')'`);
  }
}

function checkValues(key: string, values: readonly string[]): void {
  for (const [at, value] of values.entries()) {
    const problems = labelValueProblems(value);
    if (problems.length > 0)
      throw refusedTerm(`values[${at}][${key}]: Invalid value: ${quoted(value)}: ${problems.join('; ')}`);
  }
}

const quoted = (text: string) => JSON.stringify(text);

/** As Go's ParseInt reads 64 bits; undefined for what it refuses. */
export function parseInteger(text: string): bigint | undefined {
  if (!/^[+-]?\d+$/.test(text)) return undefined;
  const value = BigInt(text.replace(/^\+/, ''));
  return BigInt.asIntN(64, value) === value ? value : undefined;
}
