/** kubectl against the whole program, its pods on the real engine; kubectl.test.ts has the API's own corners. */
import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';

const main = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'minithena-kubectl-'));
const cluster = `kubectl-${process.pid}`;
const file = join(folder, 'serving.yaml');
const yaml = (replicas: number) => `# a comment that stays
apiVersion: workload.serving.volcano.sh/v1alpha1
kind: ModelServing
metadata: { name: tiny }
spec:
  replicas: ${replicas} # how many groups
  template:
    roles:
      - name: prefill
        replicas: 1
        workerReplicas: 0
        entryTemplate:
          spec:
            terminationGracePeriodSeconds: 1
            containers:
              - name: vllm
                image: minithena/vllm-standin:latest
                ports: [{ containerPort: 8000 }]
                readinessProbe: { httpGet: { path: /health, port: 8000 }, periodSeconds: 1 }
`;
const pod = 'tiny-0-prefill-0-0';
const env = { XDG_STATE_HOME: join(folder, 'state'), NO_COLOR: '1', HOME: folder, TMPDIR: folder };
const kubeconfig = join(folder, 'state', 'minithena', cluster, 'kubeconfig');
const minithena = (...words: string[]) =>
  execa(process.execPath, [main, ...words, '--cluster', cluster], { reject: false, stdin: 'ignore', env });
const kubectl = (words: string[], more: Record<string, string> = {}) =>
  execa('kubectl', words, {
    reject: false,
    stdin: 'ignore',
    timeout: 150_000,
    env: { ...env, KUBECONFIG: kubeconfig, ...more },
  });
const say = async (...words: string[]) => (await kubectl(words)).stdout;
const uid = () => say('get', 'pod', pod, '-o', 'jsonpath={.metadata.uid}');

beforeAll(async () => {
  writeFileSync(file, yaml(2));
  expect(await minithena('up', file, '--plain', '--timeout', '5m')).toMatchObject({ exitCode: 0 });
});
afterAll(async () => {
  await minithena('down');
  const ours = ['--filter', `label=minithena.dev/cluster=${cluster}`];
  const left = (await execa('docker', ['ps', '-aq', ...ours])).stdout.split('\n').filter((id) => id !== '');
  if (left.length > 0) await execa('docker', ['rm', '-fv', ...left]);
  rmSync(folder, { recursive: true, force: true });
});

it('lists every kind by its short name, as tables and as JSON', async () => {
  const kinds = await say('api-resources');
  for (const kind of [/modelservings +ms /, /servinggroups +sg /, /scalingoperations +so,op /, /pods +po /])
    expect(kinds).toMatch(kind);
  expect(await say('get', 'ms', '-o', 'wide')).toMatch(
    new RegExp(`REVISION +RULES +REASON +FILE\\ntiny +2 +2 +2 .* ordinal +Available +${file}`),
  );
  expect(await say('get', 'sg', '--no-headers')).toMatch(/^tiny-0 +1\/1 +Running .*\ntiny-1 +1\/1 +Running/);
  await vi.waitFor(async () => expect(await say('get', 'op')).toMatch(/\ntiny-1 +Complete/), 60_000);
  expect(await say('get', 'pods', '-o', 'wide')).toMatch(/IP +NODE.*\n.*Running +0 .*127\.0\.0\.1:\d+/);
  expect(JSON.parse(await say('get', 'ms', 'tiny', '-o', 'json'))).toMatchObject({
    kind: 'ModelServing',
    spec: { replicas: 2 },
    status: { availableReplicas: 2 },
  });
});

it('tells what pods and the node use', async () => {
  await vi.waitFor(async () => {
    expect(await say('top', 'pods')).toMatch(new RegExp(`^NAME +CPU.*\\n${pod} +\\d+m +\\d+Mi`));
    expect(await say('top', 'nodes')).toMatch(/\nminithena +\d+m +\d+% +\d+Mi +\d+%/);
  }, 60_000);
});

it('forwards a port, from the version of kubectl on that speaks WebSocket for it', async ({ skip }) => {
  const version = JSON.parse(await say('version', '--client', '-o', 'json'));
  if (Number.parseInt(version.clientVersion.minor, 10) < 30) skip();
  const forwarding = kubectl(['port-forward', pod, ':8000'], { KUBECTL_PORT_FORWARD_WEBSOCKETS: 'true' });
  let told = '';
  forwarding.stdout.on('data', (piece: Buffer) => (told += piece.toString()));
  const address = () => /127\.0\.0\.1:\d+/.exec(told)?.[0];
  try {
    await vi.waitFor(() => expect(address()).toBeDefined(), { timeout: 90_000 });
    const answers = await Promise.all(
      Array.from({ length: 5 }, async () => (await fetch(`http://${address()}/health`)).status),
    );
    expect(answers).toEqual([200, 200, 200, 200, 200]);
  } finally {
    forwarding.kill();
    await forwarding;
  }
});

it('describes a pod with its events, and prints its log', async () => {
  expect(await say('describe', 'pod', pod)).toMatch(
    /Status: +Running[\s\S]*Events:[\s\S]*Started container vllm/,
  );
  await vi.waitFor(async () => expect(await say('logs', pod)).toContain('Uvicorn running'), 60_000);
});

it('scales in the file, whose comments stay, and shows it with -w', async () => {
  const watching = spawn('kubectl', ['get', 'pods', '-w'], {
    env: { ...process.env, ...env, KUBECONFIG: kubeconfig },
  });
  let seen = '';
  watching.stdout.on('data', (piece: Buffer) => (seen += piece.toString('utf8')));
  try {
    await vi.waitFor(() => expect(seen).toContain('tiny-1-'), 90_000);
    expect(await say('scale', 'ms/tiny', '--replicas=3')).toContain('tiny scaled');
    expect(readFileSync(file, 'utf8')).toBe(yaml(3));
    await vi.waitFor(() => expect(seen).toMatch(/tiny-2-prefill-0-0 +1\/1 +Running/), 120_000);
  } finally {
    watching.kill();
  }
  expect(await say('wait', 'ms/tiny', '--for=condition=Available', '--timeout=120s')).toContain(
    'condition met',
  );
});

it('deletes a pod, which is made again', async () => {
  const before = await uid();
  expect(await say('delete', 'pod', pod)).toContain(`pod "${pod}" deleted`);
  await vi.waitFor(async () => expect(await uid()).toMatch(/./), { timeout: 60_000 });
  expect(await uid()).not.toBe(before);
  expect((await kubectl(['wait', `pod/${pod}`, '--for=condition=Ready', '--timeout=120s'])).exitCode).toBe(0);
});

it('writes what is edited in an editor into the file', async () => {
  const editor = join(folder, 'editor.sh');
  writeFileSync(editor, `#!/bin/sh\nsed -i 's/recoveryPolicy:.*/recoveryPolicy: None/' "$1"\n`);
  chmodSync(editor, 0o700);
  // A kubectl before 1.27 finds no schema here, and would refuse before it asks.
  const edited = await kubectl(['edit', 'ms', 'tiny'], { KUBE_EDITOR: editor });
  expect(edited.stdout).toContain('edited');
  expect(readFileSync(file, 'utf8')).toContain('recoveryPolicy: None');
});
