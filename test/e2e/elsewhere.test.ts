import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { request } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { parse, stringify } from 'yaml';
import { ensureBusyboxImage } from '../engine/busybox-image.js';
import { inTerminal } from './tui-terminal.js';

const main = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'minithena-elsewhere-'));
const cluster = `elsewhere-${process.pid}`;
const kubeconfig = join(folder, 'kubeconfig');
const file = join(folder, 'serving.yaml');
/** What the other cluster was asked, without its own API and with. */
const asked: string[] = [];
/** Where the same cluster is found by a user who may see one namespace of it and nothing else. */
const narrow = '/narrow';
let proxy: Server;

const spawn = async (words: string[], env: NodeJS.ProcessEnv) => {
  const { exitCode, stderr, stdout } = await execa(process.execPath, [main, ...words], {
    reject: false,
    stdin: 'ignore',
    env: { XDG_STATE_HOME: folder, NO_COLOR: '1', ...env },
  });
  return { code: exitCode, stdout, stderr };
};
const daemon = (...words: string[]) => spawn([...words, '--cluster', cluster], {});
/** As somebody who has a cluster with kthena, and no daemon here. */
const run = (...words: string[]) =>
  spawn([...words, '--context', 'lab'], { KUBECONFIG: kubeconfig, XDG_STATE_HOME: join(folder, 'none') });
const json = async (...words: string[]) => JSON.parse((await run(...words, '-o', 'json')).stdout);

const text = (replicas: number, version = '1') => `apiVersion: v1
kind: ConfigMap
metadata: { name: settings }
data: { mode: fast }
---
apiVersion: workload.serving.volcano.sh/v1alpha1
kind: ModelServing
metadata: { name: tiny }
spec:
  replicas: ${replicas}
  template:
    roles:
      - name: decode
        workerReplicas: 0
        entryTemplate:
          spec:
            terminationGracePeriodSeconds: 1
            containers:
              - name: main
                image: minithena/test-busybox:1
                imagePullPolicy: Never
                command: [/bin/busybox, sh, -c, "echo hello; exec /bin/busybox sleep 100000"]
                env: [{ name: VERSION, value: "${version}" }]
                envFrom: [{ configMapRef: { name: settings } }]
`;

beforeAll(async () => {
  await ensureBusyboxImage();
  const first = join(folder, 'first.yaml');
  writeFileSync(first, 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: first }\n');
  expect((await daemon('up', first)).code).toBe(0);
  const { clusters, users } = parse((await daemon('kubeconfig')).stdout);
  const { cluster: at } = clusters[0];
  const { token } = users[0].user;
  const server = new URL(at.server);
  const ca = Buffer.from(at['certificate-authority-data'], 'base64').toString();
  proxy = createServer((from, to) => {
    const path = (from.url ?? '').replace(narrow, '');
    asked.push(`${from.method} ${path}`);
    // As RBAC judges: before it is known whether there is such a thing.
    if (from.url?.startsWith(narrow) && !/^\/apis\/[^/]+$|\/namespaces\/default\//.test(path)) {
      const status = { kind: 'Status', code: 403, reason: 'Forbidden', message: `${path} is forbidden` };
      to.writeHead(403, { 'content-type': 'application/json' }).end(JSON.stringify(status));
      return;
    }
    // A cluster that runs kthena has nothing of minithena's own.
    if (/^\/minithena|\/minithena\.dev/.test(path)) {
      to.writeHead(404, { 'content-type': 'text/plain' }).end('404 page not found');
      return;
    }
    const { host: _host, ...headers } = from.headers;
    const sent = request(
      {
        host: server.hostname,
        port: server.port,
        ca,
        path,
        method: from.method,
        headers: { ...headers, authorization: `Bearer ${token}` },
      },
      (answer) => {
        to.writeHead(answer.statusCode ?? 500, answer.headers);
        to.flushHeaders();
        answer.pipe(to);
      },
    );
    sent.on('error', () => to.destroy());
    to.on('close', () => sent.destroy());
    from.pipe(sent);
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const { port } = proxy.address() as AddressInfo;
  const named = (name: string, more: object) => [{ name, ...more }];
  writeFileSync(
    kubeconfig,
    stringify({
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [
        { name: 'lab', cluster: { server: `http://127.0.0.1:${port}` } },
        { name: 'narrow', cluster: { server: `http://127.0.0.1:${port}${narrow}` } },
      ],
      users: named('me', { user: {} }),
      contexts: [
        { name: 'lab', context: { cluster: 'lab', user: 'me' } },
        { name: 'narrow', context: { cluster: 'narrow', user: 'me' } },
        { name: 'empty', context: { cluster: 'lab', user: 'me', namespace: 'nothing-here' } },
      ],
    }),
  );
});
afterAll(async () => {
  await daemon('down');
  proxy.closeAllConnections();
  proxy.close();
  rmSync(folder, { recursive: true, force: true });
});

it('the same file comes up in another cluster, with its differences first and the same lines after', async () => {
  writeFileSync(file, text(2));
  const up = await run('up', file, '--timeout', '5m');
  expect(up).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('Available tiny: 2/2 groups Running'),
  });
  expect(up.stdout).toContain('+  replicas: 2');
  expect(up.stderr).toContain('modelserving/tiny created');
  expect(up.stderr).toMatch(/group tiny-0 Running/);
  expect(up.stderr).toContain('--context lab');
  expect(up.stderr).not.toMatch(/stage [12]: Scale completed/);
  expect(asked.filter((each) => /^(POST|PUT) /.test(each))).toEqual([]);
});

it('what the cluster does not have is made of its Pods: groups, roles and the stages of a scaling', async () => {
  const groups = (await json('get', 'servinggroups')).items;
  expect(
    groups.map(({ spec, status }: { spec: { ordinal: number }; status: { phase: string } }) => [
      spec.ordinal,
      status.phase,
    ]),
  ).toEqual([
    [0, 'Running'],
    [1, 'Running'],
  ]);
  expect((await run('get', 'all')).stdout).toMatch(/tiny-1-decode-0-0 +1\/1 +Running/);
  const elsewhere = await spawn(['get', 'ms', '-o', 'json', '--context', 'empty'], {
    KUBECONFIG: kubeconfig,
  });
  expect(JSON.parse(elsewhere.stdout).items).toEqual([]);
  const refused = await spawn(['up', file, '--context', 'empty'], { KUBECONFIG: kubeconfig });
  expect(refused).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('namespaces "nothing-here" not found'),
  });
  const nothing = await spawn(['down', file, '--context', 'empty'], { KUBECONFIG: kubeconfig });
  expect(nothing).toMatchObject({
    code: 0,
    stderr: expect.stringContaining('modelserving/tiny is not there'),
  });
  await vi.waitFor(async () => expect((await run('logs', 'tiny-0-decode-0-0')).stdout).toBe('hello'), 60_000);
  expect((await run('describe', 'ms', 'tiny')).stdout).toContain('All Serving groups are ready');
  const watching = execa(
    process.execPath,
    [main, 'get', 'operations', '-w', '-o', 'json', '--context', 'lab'],
    {
      env: { KUBECONFIG: kubeconfig, NO_COLOR: '1' },
      reject: false,
    },
  );
  let told = '';
  const isComplete = new Promise<void>((resolve) =>
    watching.stdout?.on('data', (piece: Buffer) => {
      told += piece.toString();
      if (told.includes('"phase": "Complete"')) resolve();
    }),
  );
  const isWatching = new Promise<void>((resolve) => {
    const look = setInterval(() => {
      if (asked.filter((each) => each.includes('/pods?') && each.includes('watch')).length === 0) return;
      clearInterval(look);
      resolve();
    }, 50);
  });
  asked.length = 0;
  await isWatching;
  expect((await run('scale', 'tiny', '--replicas', '3')).code).toBe(0);
  await isComplete;
  watching.kill('SIGINT');
  await watching;
  expect(told).toContain('"change": "replicas 2 → 3"');
  expect(told).toMatch(/"cells": \[\s+"✅",\s+"✅",\s+"⏳"\s+\]/);
  expect((await run('wait', 'ms/tiny', '--for=condition=Available', '--timeout', '5m')).code).toBe(0);
});

it('what an edit would do there is told by kthena’s own rules', async () => {
  const plan = await run('plan', 'tiny', '--replicas', '1');
  expect(plan).toMatchObject({ code: 2, stdout: expect.stringContaining('replicas 3 → 1') });
  expect(plan.stdout).toMatch(/✅ +⏳ +⏳/);
  writeFileSync(file, text(3, '2'));
  expect((await run('plan', file)).stdout).toMatch(/template \S+ → \S+[\s\S]*❎ +❎ +⏳/);
});

it('the terminal UI shows it, and scales there', async () => {
  const terminal = inTerminal(process.execPath, [main, 'tui', '--context', 'lab'], {
    cwd: folder,
    env: { ...process.env, KUBECONFIG: kubeconfig, XDG_STATE_HOME: join(folder, 'none'), LANG: 'C.UTF-8' },
  });
  const shows = (wanted: RegExp) => vi.waitFor(() => expect(terminal.text()).toMatch(wanted), 60_000);
  await shows(/minithena lab[\s\S]*default\/tiny {2}✅ Available[\s\S]*G-2 tiny-2/);
  terminal.type('-');
  await shows(/replicas 3 → 2/);
  terminal.type('\r');
  await shows(/2\/2 groups Running/);
  await shows(/Stage 2 +✅( ok)? +✅( ok)? +⏳/);
  terminal.type('q');
  await terminal.ended;
  await shows(/What runs in lab goes on running/);
});

it('a user who may see one namespace of it needs no more', async () => {
  const outside = { KUBECONFIG: kubeconfig, XDG_STATE_HOME: join(folder, 'none') };
  const seen = (...words: string[]) => spawn([...words, '--context', 'narrow'], outside);
  await vi.waitFor(async () => expect((await json('get', 'sg')).items).toHaveLength(2), 60_000);
  expect((await seen('get', 'all')).stdout).toMatch(/servinggroup.minithena.dev\/tiny-0 +1\/1 +Running/);
  expect((await seen('wait', 'sg/tiny-0', '--for=jsonpath={.status.phase}=Running')).code).toBe(0);
  writeFileSync(file, text(2));
  expect(await seen('plan', file)).toMatchObject({ code: 0, stdout: 'tiny: no changes' });
  writeFileSync(file, text(3));
  expect(await seen('up', file, '--timeout', '5m')).toMatchObject({
    code: 0,
    stderr: expect.stringContaining('stage 1: Before scaling up'),
  });
  expect(await seen('get', 'sg', '-A')).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/Forbidden: .*modelservings is forbidden\nhint: /),
  });
  const terminal = inTerminal(process.execPath, [main, 'tui', '--context', 'narrow'], {
    cwd: folder,
    env: { ...process.env, ...outside, LANG: 'C.UTF-8' },
  });
  await vi.waitFor(() => expect(terminal.text()).toMatch(/default\/tiny[\s\S]*G-1 tiny-1/), 60_000);
  expect(terminal.text()).not.toMatch(/forbidden/);
  terminal.type('q');
  await terminal.ended;
});

it('a template is applied, rolled out and taken back there', async () => {
  writeFileSync(file, text(3, '2'));
  const up = await run('up', file, '--timeout', '5m');
  expect(up.stdout).toMatch(/- +value: "1"\n\+ +value: "2"/);
  expect(up.code).toBe(0);
  expect((await run('rollout', 'status', 'tiny', '--timeout', '5m')).code).toBe(0);
  const uids = async () =>
    (await json('get', 'pods')).items.map(({ metadata }: never) => (metadata as { uid: string }).uid);
  const before = await uids();
  expect((await run('rollout', 'undo', 'tiny')).code).toBe(0);
  expect((await run('rollout', 'status', 'tiny', '--timeout', '5m')).code).toBe(0);
  expect((await uids()).filter((uid: string) => before.includes(uid))).toEqual([]);
  const again = await run('up', file, '--timeout', '5m', '--detach');
  expect(again.stdout).toMatch(/- +value: "1"\n\+ +value: "2"/);
});

it('what needs a daemon here says so', async () => {
  expect((await run('version')).stdout).toContain('cluster: lab (no daemon of minithena)');
  expect(await run('doctor')).toMatchObject({ code: 64 });
  for (const words of [['chaos', 'kill', 'decode-0'], ['rollout', 'pause', 'tiny'], ['stop']])
    expect(await run(...words), words.join(' ')).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/needs a daemon of minithena|kthena has no pause/),
    });
  expect(await run('up', file, '--engine', 'simulated')).toMatchObject({ code: 64 });
  expect(await run('down')).toMatchObject({ code: 64 });
  const other = await spawn(['get', 'ms', '--context', 'nowhere'], { KUBECONFIG: kubeconfig });
  expect(other).toMatchObject({ code: 64, stderr: expect.stringContaining('contexts: lab, narrow, empty') });
});

it('and it goes again, with nothing of minithena’s own asked of that cluster', async () => {
  const down = await run('down', file, '--timeout', '5m');
  expect(down).toMatchObject({ code: 0, stdout: expect.stringContaining('modelserving/tiny removed') });
  expect((await json('get', 'pods')).items).toEqual([]);
  expect(readFileSync(file, 'utf8')).toBe(text(3, '2'));
  // Whether it is one of ours, discovery is asked, once per command; nothing else.
  expect(
    asked.filter(
      (each) =>
        each.includes('minithena') &&
        each !== 'GET /apis/minithena.dev' &&
        !each.includes('fieldManager=minithena'),
    ),
  ).toEqual([]);
});
