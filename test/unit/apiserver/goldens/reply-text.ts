import type { IncomingHttpHeaders } from 'node:http';
import type { RequestCase } from './request-case.js';

const told = ['warning', 'retry-after', 'location', 'allow'] as const;
const isTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;
const versions = /\b1\d{12}\b/g;
const directory = /\/\S*\/minithena-api-\w+/g;
const uids = /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g;

/**
 * Tells requests and their replies as text that is the same in every run: times are TIME, uids and versions have a number of their own in the
 * order in which they first appear, so that what stayed the same still shows.
 */
export function replyTeller(): (
  request: RequestCase,
  reply: { status: number; text: string; headers: IncomingHttpHeaders },
) => string {
  const numbered = (prefix: string) => {
    const seen = new Map<string, string>();
    return (text: string) => {
      const known = seen.get(text) ?? `${prefix}${seen.size + 1}`;
      seen.set(text, known);
      return known;
    };
  };
  const uidOf = numbered('UID-');
  const versionOf = numbered('VERSION-');
  const steady = (key: string, value: unknown): unknown => {
    // Our own client's part says the same again.
    if (key === 'minithena') return (value as { code: string }).code;
    if (typeof value !== 'string') return value;
    if (key === 'resourceVersion') return versionOf(value);
    return isTime.test(value)
      ? 'TIME'
      : value.replace(uids, uidOf).replace(versions, versionOf).replace(directory, 'STATE');
  };
  const body = (text: string) => {
    try {
      return JSON.stringify(JSON.parse(text, steady), null, 1);
    } catch {
      return text.trimEnd();
    }
  };
  return (request, { status, text, headers }) => {
    const sent = typeof request.body === 'string' ? request.body : JSON.stringify(request.body);
    const shown = sent !== undefined && sent.length > 1000 ? `(${sent.length} characters)` : sent;
    return [
      `### ${request.note}`,
      `${request.method} ${request.path}`,
      ...Object.entries(request.headers ?? {}).map(([name, value]) => `${name}: ${value}`),
      ...(shown === undefined ? [] : [shown]),
      `--> ${status}`,
      ...told.flatMap((name) => (headers[name] === undefined ? [] : [`${name}: ${String(headers[name])}`])),
      body(text),
      '',
    ].join('\n');
  };
}
