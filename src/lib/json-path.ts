/**
 * The part of JSONPath that kubectl users write: text and `{…}` templates, `.a.b`, `['a.b']`, `[0]`, `[-1]`, `[1:3]`, `[*]`, `..name`,
 * filters `[?(@.a=="b")]` with == != < <= > >= or existence, `{range …}{end}`, and quoted text such as `{"\n"}`.
 */
export class JsonPathError extends Error {}

type Step =
  | { type: 'field'; name: string }
  | { type: 'index'; at: number }
  | { type: 'slice'; from: number | undefined; to: number | undefined }
  | { type: 'all' }
  | { type: 'deep'; name: string }
  | { type: 'filter'; path: Step[]; operator: string; value: unknown };
type Part =
  | { type: 'text'; text: string }
  | { type: 'path'; steps: Step[] }
  | { type: 'range'; steps: Step[]; body: Part[] };

/** The text that `template` makes of `value`. Values of one path are separated by a space; a path that leads nowhere gives nothing. */
export const jsonPath = (template: string, value: unknown): string => render(parseTemplate(template), value);

/** The values that one path leads to; braces may be left out. */
export const jsonPathValues = (path: string, value: unknown): unknown[] =>
  walk(
    parsePath(
      path
        .trim()
        .replace(/^\{([\s\S]*)\}$/, '$1')
        .trim(),
    ),
    [value],
  );

const render = (parts: readonly Part[], value: unknown): string =>
  parts
    .map((part) => {
      if (part.type === 'text') return part.text;
      const values = walk(part.steps, [value]);
      if (part.type === 'range') return values.map((each) => render(part.body, each)).join('');
      return values.map(show).join(' ');
    })
    .join('');

const show = (value: unknown): string => (typeof value === 'string' ? value : (JSON.stringify(value) ?? ''));

function parseTemplate(template: string): Part[] {
  const text = template.includes('{') ? template : `{${template}}`;
  const open: { steps: Step[]; body: Part[] }[] = [{ steps: [], body: [] }];
  const add = (part: Part) => open.at(-1)?.body.push(part);
  for (const [whole, inner] of text.matchAll(
    /\{((?:"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|[^}"'])*)\}|[^{]+|\{/g,
  )) {
    if (inner === undefined) {
      if (whole === '{') throw new JsonPathError(`unclosed { in ${template}`);
      add({ type: 'text', text: whole });
      continue;
    }
    const code = inner.trim();
    if (code === 'end') {
      const done = open.length > 1 ? open.pop() : undefined;
      if (!done) throw new JsonPathError('{end} without {range}');
      add({ type: 'range', ...done });
    } else if (/^range\s/.test(code)) open.push({ steps: parsePath(code.slice(5).trim()), body: [] });
    else if (/^["']/.test(code)) add({ type: 'text', text: unquote(code) });
    else add({ type: 'path', steps: parsePath(code) });
  }
  if (open.length > 1) throw new JsonPathError('{range} without {end}');
  return open[0]?.body ?? [];
}

const unquote = (text: string): string =>
  text.slice(1, -1).replace(/\\(.)/g, (_, char: string) => ({ n: '\n', t: '\t', r: '\r' })[char] ?? char);

const stepPattern =
  /^(?:\.\.([\w$-]+|\*)|\.?\[\s*(?:'([^']*)'|"([^"]*)")\s*\]|\.?\[\s*(-?\d*)\s*:\s*(-?\d*)\s*\]|\.?\[\s*(-?\d+)\s*\]|\.?\[\s*(\*)\s*\]|\.?\[\?\(\s*(.*?)\s*\)\]|\.(\*)|\.?((?:[\w$/-]|\\.)+))/;

function parsePath(path: string): Step[] {
  let rest = path.replace(/^[$@]/, '');
  const steps: Step[] = [];
  while (rest !== '' && rest !== '.') {
    const match = stepPattern.exec(rest);
    if (!match) throw new JsonPathError(`cannot read "${rest}" in the path ${path}`);
    const [whole, deep, single, double, from, to, at, all, filter, star, name] = match;
    const quoted = single ?? double;
    if (deep !== undefined) steps.push({ type: 'deep', name: deep });
    else if (quoted !== undefined) steps.push({ type: 'field', name: quoted });
    else if (from !== undefined) steps.push({ type: 'slice', from: bound(from), to: bound(to ?? '') });
    else if (at !== undefined) steps.push({ type: 'index', at: Number(at) });
    else if (all !== undefined || star !== undefined) steps.push({ type: 'all' });
    else if (filter !== undefined) steps.push(parseFilter(filter));
    else steps.push({ type: 'field', name: (name ?? '').replace(/\\(.)/g, '$1') });
    rest = rest.slice(whole.length);
  }
  return steps;
}

const bound = (text: string): number | undefined => (text === '' ? undefined : Number(text));

function parseFilter(text: string): Step {
  const match = /^(@.*?)\s*(?:(==|!=|<=|>=|<|>)\s*(.+))?$/.exec(text);
  if (!match?.[1]) throw new JsonPathError(`cannot read the filter ${text}`);
  const raw = match[3] ?? '';
  const value = /^["']/.test(raw)
    ? unquote(raw)
    : raw === 'true'
      ? true
      : raw === 'false'
        ? false
        : Number(raw);
  return { type: 'filter', path: parsePath(match[1]), operator: match[2] ?? '', value };
}

const walk = (steps: readonly Step[], values: unknown[]): unknown[] =>
  steps.reduce((now, step) => now.flatMap((value) => take(step, value)), values);

const childrenOf = (value: unknown): unknown[] =>
  Array.isArray(value) ? value : typeof value === 'object' && value !== null ? Object.values(value) : [];

function take(step: Step, value: unknown): unknown[] {
  switch (step.type) {
    case 'field': {
      if (typeof value !== 'object' || value === null || Array.isArray(value)) return [];
      const field = Object.hasOwn(value, step.name)
        ? (value as Record<string, unknown>)[step.name]
        : undefined;
      return field === undefined ? [] : [field];
    }
    case 'index':
      return Array.isArray(value) && value.at(step.at) !== undefined ? [value.at(step.at)] : [];
    case 'slice':
      return Array.isArray(value) ? value.slice(step.from, step.to) : [];
    case 'all':
      return childrenOf(value);
    case 'deep': {
      const here = step.name === '*' ? childrenOf(value) : take({ type: 'field', name: step.name }, value);
      return [...here, ...childrenOf(value).flatMap((child) => take(step, child))];
    }
    case 'filter':
      return childrenOf(value).filter((child) => {
        const [found] = walk(step.path, [child]);
        return step.operator === '' ? found !== undefined : compare(found, step.operator, step.value);
      });
  }
}

function compare(left: unknown, operator: string, right: unknown): boolean {
  if (operator === '==') return left === right;
  if (operator === '!=') return left !== right;
  if (typeof left !== typeof right || (typeof left !== 'number' && typeof left !== 'string')) return false;
  const [a, b] = [left, right as typeof left];
  return operator === '<' ? a < b : operator === '<=' ? a <= b : operator === '>' ? a > b : a >= b;
}
