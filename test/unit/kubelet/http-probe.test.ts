import { createServer } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { type AddressInfo, createServer as createTcpServer, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeCertificate } from '../../../src/apiserver/make-certificate.js';
import { httpProbe } from '../../../src/kubelet/probe/http-probe.js';

const seen: string[] = [];
const server = createServer((request, response) => {
  const { url = '', headers } = request;
  seen.push(`${url} ${headers.host} ${headers['user-agent']} ${headers.accept} ${headers['x-a']}`);
  const to = (location: string) => response.writeHead(302, { location }).end();
  if (url === '/ok') response.end('ok');
  else if (url === '/loading') response.writeHead(503).end(`still\n loading ${'x'.repeat(5000)}`);
  else if (url === '/there') to('/ok?x=1');
  else if (url === '/to-bad') to('/loading');
  else if (url === '/elsewhere') to('http://other.test/loading');
  else if (url === '/round') to('/round');
  else if (url === '/chunked') {
    response.writeHead(500).write('one ');
    setTimeout(() => response.end('two'), 50);
  } else if (url === '/silent') response.writeHead(404).end();
  else if (url === '/early') {
    response.writeProcessing();
    response.end();
  } else if (url === '/slow') return;
  else response.end();
});
let port = 0;
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ({ port } = server.address() as AddressInfo);
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
const probe = (path: string, more: object = {}, timeoutMs = 30_000) =>
  httpProbe({ host: '127.0.0.1', port }, { path, port: 8000, ...more }, timeoutMs);

it.each([
  ['/ok', 'success', /^$/],
  ['ok', 'success', /^$/],
  ['/loading', 'failure', /^HTTP probe failed with statuscode: 503: still loading x{180,190}$/],
  ['/there', 'success', /^$/],
  ['/to-bad', 'failure', /statuscode: 503/],
  ['/elsewhere', 'success', /^$/],
  ['/round', 'failure', /^stopped after 10 redirects$/],
  ['/with space', 'success', /^$/],
  ['/chunked', 'failure', /^HTTP probe failed with statuscode: 500: one two$/],
  ['/silent', 'failure', /^HTTP probe failed with statuscode: 404$/],
  ['/early', 'success', /^$/],
])('%s: %s', async (path, result, message) => {
  expect(await probe(path)).toEqual({ result, message: expect.stringMatching(message) });
});

it.each<[string, (socket: Socket) => void, string | RegExp]>([
  ['hangs up', (socket) => socket.destroy(), /hang up|ECONNRESET/],
  ['speaks otherwise', (socket) => socket.end('SSH-2.0-OpenSSH_9.2 hello\r\n'), 'malformed HTTP response'],
])('a server that %s fails it', async (_what, answer, message) => {
  const other = createTcpServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', () => answer(socket));
  });
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const at = { host: '127.0.0.1', port: (other.address() as AddressInfo).port };
  const outcome = await httpProbe(at, { path: '/', port: 8000 }, 5000);
  other.close();
  expect(outcome).toEqual({ result: 'failure', message: expect.stringMatching(message) });
});

it('over TLS does not check the certificate, and shows the reply too', async () => {
  const tls = await makeCertificate();
  const secure = createSecureServer({ cert: tls.cert, key: tls.key }, (request, response) =>
    request.url === '/ok' ? response.end() : response.writeHead(500).end('no GPU'),
  );
  await new Promise<void>((resolve) => secure.listen(0, '127.0.0.1', resolve));
  const at = { host: '127.0.0.1', port: (secure.address() as AddressInfo).port };
  const get = (path: string) => httpProbe(at, { path, port: 8000, scheme: 'HTTPS' }, 5000);
  expect((await get('/ok')).result).toBe('success');
  expect((await get('/')).message).toBe('HTTP probe failed with statuscode: 500: no GPU');
  secure.close();
});

it('says that no answer came in time', async () => {
  expect(await probe('/slow', {}, 100)).toEqual({
    result: 'failure',
    message: 'no answer on port 8000 within 0.1 s',
  });
});

it('sends the headers that were asked for in the place of its own', async () => {
  const headers = [
    { name: 'Host', value: 'model.test' },
    { name: 'Accept', value: '' },
    { name: 'X-A', value: '1' },
    { name: 'X-A', value: '2' },
  ];
  seen.length = 0;
  await probe('/ok');
  await probe('/ok', { httpHeaders: headers });
  expect(seen).toEqual([
    `/ok 127.0.0.1:${port} kube-probe/1.30 */* undefined`,
    '/ok model.test kube-probe/1.30 undefined 1, 2',
  ]);
});
