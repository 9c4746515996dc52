import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generate } from 'selfsigned';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { makeCertificate } from '../../../src/apiserver/make-certificate.js';
import { type ApiClient, connect } from '../../../src/client/api-client.js';
import { pod } from '../apiserver/serve.js';

let directory: string;
const servers: Server[] = [];
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'minithena-client-'));
});
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
  rmSync(directory, { recursive: true });
});

async function listen(server: Server): Promise<number> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}
function open(cluster: string, user: string, context?: string): Promise<ApiClient> {
  const kubeconfig = join(directory, 'kubeconfig');
  const text = `current-context: here
contexts: [{ name: here, context: { cluster: c, user: u } }]
clusters: [{ name: c, cluster: ${cluster} }]
users: [{ name: u, user: ${user} }]
`;
  writeFileSync(kubeconfig, text);
  return connect({ kubeconfig, ...(context !== undefined && { context }) });
}
/** A scripted API server without TLS: each watch is answered by the next of `watches`. */
async function scripted(watches: (object | 'break')[][], list: RequestListener) {
  const asked: string[] = [];
  const port = await listen(
    createServer((request, response) => {
      const query = new URL(request.url ?? '', 'http://x').searchParams;
      if (!query.has('watch')) return list(request, response);
      asked.push(query.get('resourceVersion') ?? '');
      const lines = watches.shift();
      response.flushHeaders();
      if (!lines) return;
      for (const line of lines) {
        if (line === 'break') return void response.destroy();
        response.write(`${JSON.stringify(line)}\n`);
      }
      response.end();
    }),
  );
  const client = await open(`{ server: 'http://127.0.0.1:${port}' }`, '{}');
  const seen: string[] = [];
  const aborter = new AbortController();
  const ended = client.watch(
    'pods',
    {},
    (change) => seen.push('object' in change ? `${change.type} ${change.object.metadata.name}` : change.type),
    aborter.signal,
  );
  return {
    seen,
    asked,
    async stop() {
      aborter.abort();
      await ended;
    },
  };
}
const at = (name: string, resourceVersion: string) => {
  const each = pod(name);
  return { ...each, metadata: { ...each.metadata, uid: name, resourceVersion } };
};
const listOf = (resourceVersion: string, ...items: object[]): RequestListener => {
  return (_request, response) => response.end(JSON.stringify({ metadata: { resourceVersion }, items }));
};

it('goes on without a word where a server ended a watch in its own time', async () => {
  const on = await scripted(
    [
      [{ type: 'ADDED', object: at('b', '12') }],
      [{ type: 'BOOKMARK', object: { kind: 'Pod', metadata: { resourceVersion: '20' } } }],
    ],
    listOf('10', at('a', '3')),
  );
  await vi.waitFor(() => expect(on.asked).toEqual(['10', '12', '20']), 30_000);
  expect(on.seen).toEqual(['ADDED a', 'SYNCED', 'ADDED b']);
  await on.stop();
});

it('lists anew without a word when its version is too old, and with one when contact is lost', async () => {
  const gone = { type: 'ERROR', object: { kind: 'Status', code: 410, message: 'too old' } };
  let lists = 0;
  const on = await scripted([[gone], ['break']], (request, response) => {
    lists += 1;
    listOf(String(lists * 10), ...(lists === 1 ? [at('a', '3')] : [at('b', '4')]))(request, response);
  });
  await vi.waitFor(() => expect(on.asked).toEqual(['10', '20', '30']), 30_000);
  expect(on.seen).toEqual(['ADDED a', 'SYNCED', 'DELETED a', 'ADDED b', 'DISCONNECTED', 'ADDED b', 'SYNCED']);
  await on.stop();
});

it('takes a kind that the server does not have for an empty list', async () => {
  const on = await scripted([], (_request, response) => {
    response.writeHead(404);
    response.end('404 page not found\n');
  });
  await vi.waitFor(() => expect(on.seen).toEqual(['SYNCED']), 30_000);
  await on.stop();
});

it('comes in with a client certificate, by paths that start from the kubeconfig, under another name', async () => {
  const own = await makeCertificate();
  const client = await generate([{ name: 'commonName', value: 'me' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', digitalSignature: true, keyCertSign: true, critical: true },
      { name: 'extKeyUsage', clientAuth: true },
    ],
  });
  const tls = { ...own, ca: client.cert, requestCert: true, rejectUnauthorized: true };
  const port = await listen(createTlsServer(tls, listOf('1', { metadata: { name: 'a', namespace: 'n' } })));
  writeFileSync(join(directory, 'ca.crt'), own.cert);
  writeFileSync(join(directory, 'me.crt'), client.cert);
  writeFileSync(join(directory, 'me.key'), client.private);
  const cluster = `{ server: 'https://127.0.0.1:${port}/', certificate-authority: ca.crt, tls-server-name: localhost }`;
  const admitted = await open(cluster, '{ client-certificate: me.crt, client-key: me.key }');
  expect(await admitted.list('pods')).toEqual([
    { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a', namespace: 'n' } },
  ]);
  const refused = await open(cluster, '{}');
  await expect(refused.list('pods')).rejects.toMatchObject({ code: 'DaemonUnreachable' });
});

it('sends the token, that of a file before one that stands there', async () => {
  const seen: (string | undefined)[] = [];
  const port = await listen(
    createServer((request, response) => {
      seen.push(request.headers.authorization);
      listOf('1')(request, response);
    }),
  );
  const cluster = `{ server: 'http://127.0.0.1:${port}' }`;
  writeFileSync(join(directory, 'token'), 'from-file\n');
  await (await open(cluster, '{ token: plain }')).list('pods');
  await (await open(cluster, '{ token: plain, tokenFile: token }')).list('pods');
  expect(seen).toEqual(['Bearer plain', 'Bearer from-file']);
});

it('tells errors of a real cluster by their status, with its words', async () => {
  const status = { kind: 'Status', code: 409, message: 'the object has been modified' };
  const port = await listen(
    createServer((_request, response) => {
      response.writeHead(409);
      response.end(JSON.stringify(status));
    }),
  );
  const client = await open(`{ server: 'http://127.0.0.1:${port}' }`, '{}');
  await expect(client.get('pods', 'n', 'a')).rejects.toMatchObject({
    code: 'Conflict',
    message: status.message,
  });
});

it('tells what a user may not do there from what is not there, and says how to learn more', async () => {
  const port = await listen(
    createServer((request, response) => {
      const status = { kind: 'Status', code: 403, message: `${request.url} is forbidden` };
      const isGroup = request.url?.startsWith('/apis/') ?? false;
      response.writeHead(isGroup ? 404 : 403).end(isGroup ? '404 page not found' : JSON.stringify(status));
    }),
  );
  const client = await open(`{ server: 'http://127.0.0.1:${port}' }`, '{}');
  expect(await client.hasGroup('minithena.dev')).toBe(false);
  await expect(client.list('pods')).rejects.toMatchObject({
    code: 'Forbidden',
    message: '/api/v1/pods is forbidden',
    hint: expect.stringContaining('kubectl auth can-i --list'),
  });
});

it('says what is wrong with a kubeconfig', async () => {
  const cluster = "{ server: 'http://127.0.0.1:1' }";
  await expect(open(cluster, '{}', 'there')).rejects.toMatchObject({ code: 'Usage', hint: 'contexts: here' });
  await expect(open(cluster, '{ exec: { command: x } }')).rejects.toMatchObject({ code: 'Usage' });
  await expect(open(cluster, '{ tokenFile: none }')).rejects.toThrow('names a file that cannot be read');
  await expect(open('{ server: [', '{}')).rejects.toMatchObject({ code: 'Usage' });
});
