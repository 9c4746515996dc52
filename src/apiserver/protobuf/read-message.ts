import { type MessageField, messageFields } from './message-fields.js';
import { type WireField, wireFields } from './wire-fields.js';

type Json = Record<string, unknown>;

/** A message of Protocol Buffers as the JSON that a client would have sent instead. Throws RangeError for what is none. Pure. */
export function readMessage(bytes: Buffer, message: string): Json {
  const fields = messageFields(message);
  const read = new Map<string, unknown>();
  for (const { number, value } of wireFields(bytes)) {
    const field = fields?.get(number);
    if (!field) continue;
    if (field.form === 'inline') {
      for (const [name, each] of Object.entries(readMessage(bytesIn(value), field.type)))
        read.set(name, each);
      continue;
    }
    const next = nextOf(value, field, read.get(field.name));
    if (next !== undefined) read.set(field.name, next);
  }
  return Object.fromEntries(read);
}

/** undefined: it says nothing. */
function nextOf(value: WireField['value'], field: MessageField, before: unknown): unknown {
  const { form, type, keepsEmpty } = field;
  if (form === 'list') return [...((before as unknown[] | undefined) ?? []), single(value, type)];
  if (form === 'map') return { ...(before as Json | undefined), ...entryOf(bytesIn(value), type) };
  const one = single(value, type);
  return keepsEmpty || !isEmpty(one) ? one : undefined;
}

const isEmpty = (value: unknown): boolean =>
  value === '' ||
  value === 0 ||
  value === false ||
  (typeof value === 'object' && value !== null && !Buffer.isBuffer(value) && Object.keys(value).length === 0);

function single(value: WireField['value'], type: string): unknown {
  switch (type) {
    case 'text':
      return bytesIn(value).toString('utf8');
    case 'bytes':
      return bytesIn(value).toString('base64');
    case 'binary':
      return bytesIn(value);
    case 'number':
      return numberIn(value);
    case 'flag':
      return numberIn(value) !== 0;
    case 'quantity':
      return fieldsOf(value).get(1)?.toString() ?? '0';
    case 'intOrString':
      return intOrString(value);
    case 'time':
    case 'microTime':
      return timeIn(value, type);
    default:
      return readMessage(bytesIn(value), type);
  }
}

const fieldsOf = (value: WireField['value']): Map<number, WireField['value']> =>
  new Map(wireFields(bytesIn(value)).map((each) => [each.number, each.value]));

function entryOf(bytes: Buffer, type: string): Json {
  const fields = fieldsOf(bytes);
  const key = bytesIn(fields.get(1) ?? Buffer.alloc(0)).toString('utf8');
  return { [key]: single(fields.get(2) ?? Buffer.alloc(0), type) };
}

function intOrString(value: WireField['value']): number | string {
  const fields = fieldsOf(value);
  const isText = numberIn(fields.get(1) ?? 0n) === 1;
  return isText ? bytesIn(fields.get(3) ?? Buffer.alloc(0)).toString('utf8') : numberIn(fields.get(2) ?? 0n);
}

function timeIn(value: WireField['value'], type: 'time' | 'microTime'): string {
  const fields = fieldsOf(value);
  const seconds = fields.get(1);
  if (seconds === undefined) return '';
  const at = new Date(numberIn(seconds) * 1000);
  if (Number.isNaN(at.getTime())) throw new RangeError('a time is out of range');
  const whole = at.toISOString().slice(0, -5);
  const micros = Math.floor(numberIn(fields.get(2) ?? 0n) / 1000);
  return type === 'time' ? `${whole}Z` : `${whole}.${String(micros).padStart(6, '0')}Z`;
}

function bytesIn(value: WireField['value']): Buffer {
  if (typeof value === 'bigint') throw new RangeError('a number stands where a text belongs');
  return value;
}

function numberIn(value: WireField['value']): number {
  if (typeof value !== 'bigint') throw new RangeError('a text stands where a number belongs');
  return Number(value);
}
