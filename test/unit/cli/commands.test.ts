import { describe, expect, it } from 'vitest';
import type { KubeEvent, ScalingOperation, Stage } from '../../../src/api/types/resources.js';
import { fakeClient } from './fake-client.js';
import { runCommand } from './run-command.js';
import { pod, serving } from './sample-objects.js';

const stages: Stage[] = [
  { cells: ['✅', '✅'], note: 'Before scaling up', startedAt: '' },
  {
    cells: ['✅', '✅', '⏳'],
    note: 'Scaling up started, the replica with the highest ordinal (G-2) is creating',
    startedAt: '',
  },
  { cells: ['✅', '✅', '✅'], note: 'Scale completed', startedAt: '' },
];
const operation: ScalingOperation = {
  apiVersion: 'minithena.dev/v1alpha1',
  kind: 'ScalingOperation',
  metadata: { name: 'sample-2', namespace: 'default', labels: { 'modelserving.volcano.sh/name': 'sample' } },
  spec: {
    modelServing: 'sample',
    generation: 2,
    change: 'replicas 2 → 3',
    kinds: ['up'],
  } as ScalingOperation['spec'],
  status: {
    phase: 'Running',
    stages: stages.slice(0, 2),
    holds: [{ subject: 'G-2/decode-0', reason: 'ErrImagePull', message: 'no such image' }],
    startedAt: '2026-01-01T00:59:00Z',
  },
};
const event = (reason: string, lastTimestamp: string, change: Partial<KubeEvent> = {}): KubeEvent => ({
  apiVersion: 'v1',
  kind: 'Event',
  metadata: { name: reason, namespace: 'default' },
  type: 'Normal',
  reason,
  message: `it is ${reason}`,
  involvedObject: { apiVersion: 'v1', kind: 'Pod', namespace: 'default', name: 'a' },
  source: { component: 'kubelet' },
  count: 1,
  firstTimestamp: lastTimestamp,
  lastTimestamp,
  ...change,
});

describe('scale', () => {
  it('hands the counts over and prints what changed where', async () => {
    const fake = fakeClient({ modelservings: [serving()] });
    const { code, stderr, stdout } = await runCommand(
      'scale ms/sample --replicas 4 --role decode=3,prefill=2',
      fake,
      { env: { MINITHENA_COMMAND: 'npx minithena' } },
    );
    expect(fake.calls).toContain(
      'scale default/sample {"replicas":4,"roleReplicas":{"decode":3,"prefill":2}}',
    );
    expect([code, stdout]).toEqual([0, 'modelserving.workload.serving.volcano.sh/sample scaled\n']);
    expect(stderr).toBe(
      'replicas 2 → 4, prefill 1 → 2, decode 2 → 3 in /w/serving.yaml\n' +
        'scaling operation sample-3; follow it with: npx minithena get operations -w\n',
    );
  });

  it('says when nothing changes', async () => {
    const { code, stdout } = await runCommand(
      'scale sample --replicas 2',
      fakeClient({ modelservings: [serving()] }),
    );
    expect([code, stdout]).toEqual([0, 'modelserving.workload.serving.volcano.sh/sample unchanged\n']);
  });
});

describe('plan', () => {
  it('prints the stages and exits with 2', async () => {
    const fake = fakeClient({ modelservings: [serving()] });
    fake.planned = [{ namespace: 'default', name: 'sample', change: 'replicas 2 → 3', stages }];
    const { code, stdout } = await runCommand('plan sample --replicas 3', fake);
    expect(fake.calls).toContain('plan {"replicas":3,"namespace":"default","name":"sample"}');
    expect(code).toBe(2);
    expect(stdout).toBe(
      [
        'sample: replicas 2 → 3',
        'STAGE   G-0   G-1   G-2   WHAT HAPPENS',
        '1       ✅    ✅          Before scaling up',
        '2       ✅    ✅    ⏳    Scaling up started, the replica with the highest ordinal (G-2) is creating',
        '3       ✅    ✅    ✅    Scale completed',
        '',
      ].join('\n'),
    );
    expect((await runCommand('plan sample --replicas 3 --ascii', fake)).stdout).toContain(
      '2       [ok]   [ok]   [..]   Scaling up',
    );
  });

  it('exits with 0 when nothing differs', async () => {
    const fake = fakeClient();
    fake.planned = [{ namespace: 'default', name: 'sample', change: '', stages: [] }];
    expect(await runCommand('plan sample --replicas 2', fake)).toMatchObject({
      code: 0,
      stdout: 'sample: no changes\n',
    });
  });

  it('wants a file that exists, or a change', async () => {
    expect((await runCommand('plan nowhere.yaml', fakeClient())).code).toBe(65);
    expect((await runCommand('plan sample', fakeClient())).code).toBe(64);
  });
});

describe('logs', () => {
  const fake = () => {
    const client = fakeClient({
      pods: [pod('a', { labels: { tier: 'x' } }), pod('b', { labels: { tier: 'x' } })],
    });
    client.logText = ({ pod }) => [`${pod} one\n${pod} \x1b]0;title\x07t`, 'wo\x1b[2J\n', `${pod} three`];
    return client;
  };

  it('prints what was written, in whole lines', async () => {
    expect((await runCommand('logs a', fake())).stdout).toBe(
      'a one\na \x1b]0;title\x07two\x1b[2J\na three\n',
    );
  });

  it('takes control sequences out before a terminal', async () => {
    expect((await runCommand('logs pod/a', fake(), { terminal: true })).stdout).toBe(
      'a one\na two\na three\n',
    );
  });

  it('keeps a progress bar in one line before a terminal, and every byte of it before a pipe', async () => {
    const client = fake();
    const said = '(EngineCore pid=7) \rload:  0%|\rload: 99%|\nplain\rtext\n';
    client.logText = () => [said];
    const { stdout } = await runCommand('logs a --prefix --no-color', client, { terminal: true });
    expect(stdout).toBe('[pod/a/vllm] load: 99%|\n[pod/a/vllm] plain\n[pod/a/vllm] text\n');
    expect((await runCommand('logs a --prefix', client)).stdout).toBe(
      said.replace(/^\(|(?<=\n)p/g, (first) => `[pod/a/vllm] ${first}`),
    );
    client.logText = () => [
      '2026-01-01T00:00:00Z (EngineCore pid=7) \rload: 99%|\n2026-01-01T00:00:01Z \x1b[1mb\n',
    ];
    expect((await runCommand('logs a --timestamps', client, { terminal: true })).stdout).toBe(
      '2026-01-01T00:00:00Z load: 99%|\n2026-01-01T00:00:01Z b\n',
    );
  });

  it.each(['', ' -f'])('one of several that cannot be read keeps none of the others away%s', async (how) => {
    const client = fake();
    client.logText = ({ pod }) => {
      if (pod === 'a') throw new Error('container vllm is waiting to start');
      return [`${pod} one\n`];
    };
    const { code, stdout, stderr } = await runCommand(`logs -l tier=x${how}`, client);
    expect({ code, stdout, stderr }).toEqual({
      code: 1,
      stdout: 'b one\n',
      stderr: 'a/vllm: container vllm is waiting to start\n',
    });
  });

  it.each([
    ['ms/sample', 'modelserving.volcano.sh/name=sample'],
    ['sg/sample-0', 'modelserving.volcano.sh/group-name=sample-0'],
    [
      'role/sample-0-prefill-0',
      'modelserving.volcano.sh/group-name=sample-0,modelserving.volcano.sh/role-id=prefill-0',
    ],
  ])('of all pods of %s', async (word, selector) => {
    const client = fake();
    const { list } = client;
    const asked: unknown[] = [];
    client.list = ((resource, options) => {
      if (resource === 'pods') asked.push(options?.labelSelector);
      return list(resource, resource === 'pods' ? {} : options);
    }) as typeof list;
    client.get = (async (resource: string, namespace: string, name: string) => ({
      kind: resource,
      metadata: { namespace, name },
      spec: { group: 'sample-0', roleId: 'prefill-0' },
    })) as never;
    const { stdout } = await runCommand(`logs ${word} --prefix`, client);
    expect(asked).toEqual([selector]);
    expect(stdout.match(/^\[pod\/[ab]\//gm)).toHaveLength(6);
  });

  it('asks for no more than what is young enough', async () => {
    const client = fake();
    await runCommand('logs a --since 1m30s', client);
    expect(client.calls.join('\n')).toMatch(/"sinceSeconds":90/);
  });

  it('reads all pods of a selector, each line with its pod', async () => {
    const client = fake();
    const { stdout } = await runCommand('logs -l tier=x --prefix --timestamps', client);
    expect(stdout.split('\n').map((line) => line.slice(0, 18))).toContain('[pod/b/vllm] b one');
    expect(client.calls).toContain(
      'logs {"namespace":"default","pod":"a","container":"vllm","follow":false,"previous":false,"timestamps":true,"tail":10}',
    );
  });

  it.each([
    ['logs', 64],
    ['logs a -l x=y', 64],
    ['logs nobody', 1],
    ['logs sg/nobody', 1],
    ['logs node/local', 64],
    ['logs a -c nothing', 1],
    ['logs a --tail many', 64],
    ['logs a --since yesterday', 64],
  ])('%s → %i', async (line, code) => {
    expect((await runCommand(line, fake())).code).toBe(code);
  });
});

describe('events', () => {
  const client = () =>
    fakeClient({
      events: [
        event('Later', '2026-01-01T00:59:50Z', { type: 'Warning' }),
        event('First', '2026-01-01T00:55:00Z', { count: 3, firstTimestamp: '2026-01-01T00:50:00Z' }),
        event('Other', '2026-01-01T00:59:00Z', {
          involvedObject: { apiVersion: 'v1', kind: 'Pod', namespace: 'default', name: 'b' },
        }),
      ],
    });

  it('prints them in the order of time', async () => {
    const { stdout } = await runCommand('events', client());
    expect(stdout.split('\n')).toEqual(
      [
        'LAST SEEN           TYPE      REASON   OBJECT   MESSAGE',
        '5m (x3 over 10m)    Normal    First    pod/a    it is First',
        '60s                 Normal    Other    pod/b    it is Other',
        '10s                 Warning   Later    pod/a    it is Later',
        '',
      ].map((line) =>
        line.replace(/^(LAST SEEN|60s|10s|5m \(x3 over 10m\))\s+/, (_, word: string) => word.padEnd(19)),
      ),
    );
  });

  it('chooses by object and type', async () => {
    expect((await runCommand('events --for pod/b --no-headers', client())).stdout).toMatch(
      /^60s .*it is Other\n$/,
    );
    expect((await runCommand('events --types warning --no-headers', client())).stdout).toMatch(
      /^10s .*it is Later\n$/,
    );
    expect((await runCommand('events --types loud', client())).code).toBe(64);
  });

  it('chooses by kind and reason', async () => {
    const reasons = async (words: string) => {
      const { stdout } = await runCommand(`events ${words} -o json`, client());
      return (JSON.parse(stdout).items as { reason: string }[]).map(({ reason }) => reason);
    };
    expect(await reasons('--reasons first,Later')).toEqual(['First', 'Later']);
    expect(await reasons('--kinds po,ms')).toEqual(['First', 'Other', 'Later']);
    expect(await reasons('--kinds ms')).toEqual([]);
    expect((await runCommand('events --kinds whatever', client())).code).toBe(64);
  });
});

describe('describe', () => {
  it('says of a ModelServing what it waits for, with its stages and events', async () => {
    const about = {
      apiVersion: '',
      kind: 'ModelServing',
      namespace: 'default',
      name: 'sample',
      uid: 'ms-uid',
    };
    const client = fakeClient({
      modelservings: [serving({ condition: 'Progressing' })],
      scalingoperations: [operation],
      events: [
        event('Mine', '2026-01-01T00:59:50Z', { involvedObject: about }),
        event('NotMine', '2026-01-01T00:59:50Z'),
      ],
    });
    const { code, stdout } = await runCommand('describe ms sample', client);
    expect(code).toBe(0);
    for (const part of [
      /^Name:\s+sample$/m,
      /^Status:\s+Progressing$/m,
      /^Waiting for:\n {2}G-2\/decode-0 {3}ErrImagePull {3}no such image$/m,
      /^Operation sample-2 \(replicas 2 → 3, Running\):\n {2}STAGE {3}G-0/m,
      /^ {2}Normal {3}Mine {5}10s/m,
    ])
      expect(stdout).toMatch(part);
    expect(stdout).not.toContain('NotMine');
  });

  it('says of a pod how its containers are and were, and not the values of its environment', async () => {
    const failed = pod('a', {
      waiting: 'CrashLoopBackOff',
      message: 'back-off 10s',
      restarts: 3,
      exitCode: 137,
    });
    failed.spec.containers[0]!.env = [{ name: 'TOKEN', value: 's3cret' }];
    failed.metadata.annotations = { 'minithena.dev/stand-in': 'vllm=vllm/vllm-openai:v1,runtime=r:1' };
    const { stdout } = await runCommand('describe pod/a', fakeClient({ pods: [failed] }));
    for (const part of [
      /State:\s+Waiting\n\s+Reason:\s+CrashLoopBackOff\n\s+Message:\s+back-off 10s/,
      /Last State:\s+Terminated/,
      /Exit Code:\s+137/,
      /Restart Count:\s+3/,
      /Stand-in For:\s+vllm=vllm\/vllm-openai:v1, runtime=r:1/,
      /TOKEN/,
    ])
      expect(stdout).toMatch(part);
    expect(stdout).not.toContain('s3cret');
  });

  it('describes every kind that can be asked for', async () => {
    const client = fakeClient({
      scalingoperations: [operation],
      events: [event('First', '2026-01-01T00:55:00Z')],
    });
    expect((await runCommand('describe op', client)).stdout).toContain('Change:        replicas 2 → 3');
    expect((await runCommand('describe ev', client)).stdout).toContain('it is First');
    expect((await runCommand('describe roles', client)).stderr).toBe(
      'No resources found in default namespace.\n',
    );
  });
});

describe('down', () => {
  it('hands the files over, waits, and says what went and what stays', async () => {
    const fake = fakeClient({ modelservings: [serving()], pods: [pod('a')] });
    const { code, stdout } = await runCommand('down /w/serving.yaml --volumes', fake);
    expect(code).toBe(0);
    expect(fake.calls).toContain('down {"files":["/w/serving.yaml"],"volumes":true}');
    expect(stdout).toBe('modelserving/sample removed\n1 pod removed\nvolume data kept\n');
  });
});

describe('version', () => {
  it('tells programs and people', async () => {
    const { stdout } = await runCommand('version', fakeClient());
    expect(stdout).toMatch(
      /^client: \d+\.\d+\.\d+.*\ndaemon: 0\.1\.0 \(cluster default, pid 1, rules ordinal, pull default\)\nengine: simulated 1\nnode: cpu 8, no GPUs\n$/,
    );
    expect(JSON.parse((await runCommand('version -o json', fakeClient())).stdout)).toMatchObject({
      daemon: { version: '0.1.0' },
      engine: { kind: 'simulated' },
    });
  });
});
