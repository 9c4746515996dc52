import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { connect as dial, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EngineConnection } from '../../src/kubelet/docker/connect.js';

const [theirs, least, real] = ['1.52', '1.44', '1.41'];

/**
 * The engine of this machine as a newer one shows itself: refuses clients older than API 1.44, and leaves out what was given up since: the
 * older names in events, addresses of the default network in inspect, null where there was an empty list.
 */
export async function newerEngine(engine: EngineConnection) {
  if (!('socketPath' in engine.options)) throw new Error(`${engine.address} is no socket`);
  const { socketPath } = engine.options;
  const folder = mkdtempSync(join(tmpdir(), 'newer-'));
  const path = join(folder, 'engine.sock');
  const refused: string[] = [];
  const open = new Set<Socket>();

  /** The path as the real engine takes it; undefined for a version that a newer one has given up. */
  const rewritten = (url = ''): string | undefined => {
    const version = /^\/v(\d+\.\d+)\//.exec(url)?.[1];
    if (version === undefined) return url;
    if (Number(version.split('.')[1]) < Number(least?.split('.')[1])) return undefined;
    return url.replace(/^\/v\d+\.\d+\//, `/v${real}/`);
  };
  const server = createServer((asked: IncomingMessage, answer: ServerResponse) => {
    const url = rewritten(asked.url);
    if (url === undefined) {
      refused.push(asked.url ?? '');
      answer.writeHead(400, { 'content-type': 'application/json' });
      const message = `client version is too old. Minimum supported API version is ${least}, please upgrade your client to a newer version`;
      return void answer.end(JSON.stringify({ message }));
    }
    const passed = request(
      { socketPath, path: url, method: asked.method, headers: asked.headers },
      (response) => {
        const headers = { ...response.headers, 'api-version': theirs };
        const rewrite = rewriteOf(url);
        if (!rewrite) {
          answer.writeHead(response.statusCode ?? 500, headers);
          return void response.pipe(answer);
        }
        delete (headers as Record<string, unknown>)['content-length'];
        answer.writeHead(response.statusCode ?? 500, headers);
        answer.flushHeaders();
        let rest = '';
        response.setEncoding('utf8').on('data', (text: string) => {
          const lines = (rest + text).split('\n');
          rest = lines.pop() ?? '';
          for (const line of lines) answer.write(`${rewrite(line)}\n`);
        });
        response.on('end', () => answer.end(rest === '' ? '' : rewrite(rest)));
      },
    );
    passed.on('error', () => answer.destroy());
    answer.on('close', () => passed.destroy());
    asked.pipe(passed);
  });
  // Attached streams leave HTTP: the bytes are passed on as they are.
  server.on('upgrade', (asked: IncomingMessage, near: Socket, head: Buffer) => {
    const far = dial({ path: socketPath, allowHalfOpen: true });
    const headers = asked.rawHeaders.flatMap((each, at, all) =>
      at % 2 === 0 ? [`${each}: ${all[at + 1]}`] : [],
    );
    far.write(`${asked.method} ${rewritten(asked.url)} HTTP/1.1\r\n${headers.join('\r\n')}\r\n\r\n`);
    far.write(head);
    near.pipe(far);
    far.pipe(near);
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const)
      one.on('error', () => other.destroy());
  });
  server.on('connection', (socket) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  return {
    connection: { ...engine, address: `unix://${path}`, options: { socketPath: path } },
    /** Paths that were refused for their version. */
    refused,
    async close() {
      for (const socket of open) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** How a line of an answer is changed; undefined for answers that are the same. */
function rewriteOf(url: string): ((line: string) => string) | undefined {
  const path = url.split('?')[0] ?? '';
  const change = (edit: (value: Record<string, unknown>) => void) => (line: string) => {
    if (!line.startsWith('{')) return line;
    const value = JSON.parse(line) as Record<string, unknown>;
    edit(value);
    return JSON.stringify(value);
  };
  if (path.endsWith('/events'))
    return change((event) => {
      for (const field of ['id', 'status', 'from']) delete event[field];
    });
  if (path.endsWith('/version'))
    return change((version) => {
      Object.assign(version, { ApiVersion: theirs, MinAPIVersion: least, Version: '29.0.0' });
    });
  if (/\/containers\/[^/]+\/json$/.test(path))
    return change((container) => {
      const network = container.NetworkSettings as Record<string, unknown> | undefined;
      if (!network) return;
      for (const field of ['IPAddress', 'Gateway', 'MacAddress', 'Bridge', 'SandboxKey', 'IPPrefixLen'])
        delete network[field];
      const config = container.Config as Record<string, unknown>;
      for (const field of ['MacAddress', 'ExposedPorts', 'OnBuild']) if (!config[field]) delete config[field];
    });
  return undefined;
}
