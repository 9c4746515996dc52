import { messageLines } from './message-lines.js';

/** How a field of a message becomes one of JSON. */
export interface MessageField {
  readonly name: string;
  readonly form: 'one' | 'list' | 'map' | 'inline';
  /** A scalar, or the name of a message. */
  readonly type: string;
  /** Said also where it is empty: it may mean something else than nothing. */
  readonly keepsEmpty: boolean;
}
export type MessageFields = ReadonlyMap<number, MessageField>;

/** The fields of a message by their numbers; undefined for one that is not read. */
export function messageFields(name: string): MessageFields | undefined {
  const known = parsed.get(name);
  const line = known ? undefined : lines.get(name);
  if (line === undefined) return known;
  const fields = new Map(line.split(', ').map(fieldIn));
  parsed.set(name, fields);
  return fields;
}

const lines: ReadonlyMap<string, string> = new Map(
  messageLines
    .trim()
    .split('\n')
    .map((line) => {
      const [name = '', fields = ''] = line.split(': ');
      return [name, fields];
    }),
);
const parsed = new Map<string, MessageFields>();

function fieldIn(text: string): [number, MessageField] {
  const [number, ...words] = text.split(' ');
  const shape = words.at(-1) ?? '';
  const form = shape.startsWith('[]')
    ? 'list'
    : shape.startsWith('{}')
      ? 'map'
      : shape.startsWith('=')
        ? 'inline'
        : 'one';
  const type = shape.replace(/^(\[\]|\{\}|=)/, '').replace(/!$/, '');
  return [
    Number(number),
    { name: form === 'inline' ? '' : (words[0] ?? ''), form, type, keepsEmpty: shape.endsWith('!') },
  ];
}
