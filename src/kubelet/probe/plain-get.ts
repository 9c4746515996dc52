import { validateHeaderName, validateHeaderValue } from 'node:http';
import { connect } from 'node:net';

export interface ProbeReply {
  readonly status: number;
  readonly location: string | undefined;
  /** Its first bytes, where they were waited for. */
  readonly body: string;
}

const longestHeadBytes = 64 * 1024;

/**
 * One GET on a connection of its own, by hand: Node's own client costs noticeably more, and hundreds of pods are probed each second. A good
 * status is told as soon as it is read, any other with up to `bodyBytes` of the body. Returns a function that gives it up. Throws for a header that
 * no request can have.
 */
export function plainGet(
  at: { host: string; port: number; path: string },
  headers: Readonly<Record<string, string | string[]>>,
  bodyBytes: number,
  on: { reply(reply: ProbeReply): void; error(error: Error): void },
): () => void {
  const host = at.host.includes(':') ? `[${at.host}]` : at.host;
  const all = { host: at.port === 80 ? host : `${host}:${at.port}`, ...headers, connection: 'close' };
  let text = `GET ${at.path} HTTP/1.1\r\n`;
  for (const [name, values] of Object.entries(all)) {
    for (const value of Array.isArray(values) ? values : [values]) {
      validateHeaderName(name);
      validateHeaderValue(name, value);
      text += `${name}: ${value}\r\n`;
    }
  }
  const socket = connect({ host: at.host, port: at.port });
  let received: Buffer | undefined;
  let told = false;
  const tell = (call: () => void) => {
    if (told) return;
    told = true;
    socket.destroy();
    call();
  };
  const look = (isWhole: boolean) => {
    if (told) return;
    const reply = readReply(received?.toString('latin1') ?? '', bodyBytes, isWhole);
    if (reply === 'no HTTP') tell(() => on.error(new Error('malformed HTTP response')));
    else if (reply) tell(() => on.reply(reply));
    else if (isWhole || (received?.length ?? 0) > longestHeadBytes)
      tell(() => on.error(new Error(received ? 'malformed HTTP response' : 'socket hang up')));
  };
  socket.on('data', (chunk: Buffer) => {
    received = received ? Buffer.concat([received, chunk]) : chunk;
    look(false);
  });
  socket.on('error', (error) => {
    // A server that resets the connection behind its reply has replied.
    if (received) look(true);
    tell(() => on.error(error));
  });
  socket.on('close', () => look(true));
  socket.write(`${text}\r\n`, 'latin1');
  return () => {
    told = true;
    socket.destroy();
  };
}

/** What came so far; undefined when more is needed to tell. Pure. */
function readReply(text: string, bodyBytes: number, isWhole: boolean): ProbeReply | 'no HTTP' | undefined {
  const line = /^HTTP\/1\.\d (\d{3})/.exec(text);
  if (!line) return text.length >= 12 ? 'no HTTP' : undefined;
  const status = Number(line[1]);
  if (status >= 200 && status < 300) return { status, location: undefined, body: '' };
  const end = text.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const head = text.slice(0, end);
  if (status < 200) return readReply(text.slice(end + 4), bodyBytes, isWhole);
  const value = (name: string) => new RegExp(`\\r\\n${name}:[ \\t]*([^\\r]*)`, 'i').exec(head)?.[1]?.trim();
  const location = value('location');
  if (status < 400) return { status, location, body: '' };
  const isChunked = /chunked/i.test(value('transfer-encoding') ?? '');
  const body = isChunked ? withoutChunkHeads(text.slice(end + 4)) : text.slice(end + 4);
  const length = isChunked ? bodyBytes : Math.min(bodyBytes, Number(value('content-length') ?? bodyBytes));
  const isLast = isChunked && text.endsWith('\r\n0\r\n\r\n');
  if (!isWhole && !isLast && body.length < length) return undefined;
  return { status, location, body: Buffer.from(body.slice(0, bodyBytes), 'latin1').toString('utf8') };
}

function withoutChunkHeads(text: string): string {
  let body = '';
  for (let at = 0; at < text.length; ) {
    const head = /^([0-9a-f]+)[^\r]*\r\n/i.exec(text.slice(at, at + 64));
    if (!head) break;
    const bytes = Number.parseInt(head[1] ?? '0', 16);
    body += text.slice(at + head[0].length, at + head[0].length + bytes);
    at += head[0].length + bytes + 2;
  }
  return body;
}
