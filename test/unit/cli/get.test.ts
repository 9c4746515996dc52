import { describe, expect, it } from 'vitest';
import { AppError } from '../../../src/lib/app-error.js';
import { fakeClient } from './fake-client.js';
import { runCommand } from './run-command.js';
import { pod, serving } from './sample-objects.js';

const client = () =>
  fakeClient({
    modelservings: [serving()],
    pods: [
      pod('sample-0-prefill-0-0', { restarts: 2, exitCode: 1 }),
      pod('sample-0-decode-0-0', { waiting: 'ImagePullBackOff', labels: { tier: 'x' } }),
    ],
  });

describe('get', () => {
  it('prints pods as kubectl does', async () => {
    const { code, stderr, stdout } = await runCommand('get pods', client());
    expect(stdout).toBe(
      [
        'NAME                   READY   STATUS             RESTARTS      AGE',
        'sample-0-prefill-0-0   1/1     Running            2 (60s ago)   5m2s',
        'sample-0-decode-0-0    0/1     ImagePullBackOff   0             5m2s',
        '',
      ].join('\n'),
    );
    expect([code, stderr]).toEqual([0, '']);
  });

  it('looks at the files first and closes its connection', async () => {
    const fake = client();
    await runCommand('get ms', fake);
    expect(fake.calls).toEqual(['sync', 'close']);
  });

  it('knows a ModelServing by every name, and says where it comes from with -o wide', async () => {
    for (const type of [
      'ms',
      'modelserving',
      'modelservings',
      'modelservings.workload.serving.volcano.sh',
      'ModelServing',
    ]) {
      const { stdout } = await runCommand(['get', type, '-o', 'wide', '--no-headers'], client());
      expect(stdout.split(/\s{2,}|\n/)).toEqual([
        'sample',
        '2/2',
        'Available',
        '2',
        'prefill=1,decode=2',
        '5m2s',
        'abc',
        '/w/serving.yaml',
        '',
      ]);
    }
  });

  it.each([
    ['get pods -o name', 'pod/sample-0-prefill-0-0\npod/sample-0-decode-0-0\n'],
    ['get pod/sample-0-decode-0-0 -o name', 'pod/sample-0-decode-0-0\n'],
    ['get pods -l tier=x -o name', 'pod/sample-0-decode-0-0\n'],
    ['get ms sample -o jsonpath={.spec.replicas}', '2\n'],
    ['get pods -o jsonpath={.items[*].metadata.name}', 'sample-0-prefill-0-0 sample-0-decode-0-0\n'],
    [
      'get ms,pods -o name',
      'modelserving.workload.serving.volcano.sh/sample\npod/sample-0-prefill-0-0\npod/sample-0-decode-0-0\n',
    ],
    ['-n default get ms -o name', 'modelserving.workload.serving.volcano.sh/sample\n'],
  ])('%s', async (line, expected) => {
    expect(await runCommand(line, client())).toEqual({ code: 0, stdout: expected, stderr: '' });
  });

  it('prints one object alone and several as a List', async () => {
    const one = JSON.parse((await runCommand('get ms sample -o json', client())).stdout) as { kind: string };
    const several = JSON.parse((await runCommand('get pods -o json', client())).stdout) as {
      kind: string;
      items: unknown[];
    };
    expect([one.kind, several.kind, several.items.length]).toEqual(['ModelServing', 'List', 2]);
    const yaml = (await runCommand('get ms sample -o yaml', client())).stdout;
    expect(yaml).toMatch(/^apiVersion: workload.serving.volcano.sh\/v1alpha1\nkind: ModelServing\n/);
    expect(yaml).toContain('    roles:\n    - name: prefill\n');
  });

  it('says on stderr that there is nothing, and exits with 0', async () => {
    expect(await runCommand('get pods -n other', client())).toEqual({
      code: 0,
      stdout: '',
      stderr: 'No resources found in other namespace.\n',
    });
  });

  it('shows what it found, and tells what is missing and what there is', async () => {
    const { code, stderr, stdout } = await runCommand(
      'get pods sample-0-decode-0-0 sample-0-dec -o name',
      client(),
    );
    expect([code, stdout]).toEqual([1, 'pod/sample-0-decode-0-0\n']);
    expect(stderr).toBe(
      'error NotFound: pods "sample-0-dec" not found\nhint: there are: sample-0-decode-0-0\n',
    );
  });

  it('follows changes under the headings of the first rows until Ctrl-C', async () => {
    const fake = client();
    const stop = new AbortController();
    const { code, stdout } = await runCommand('get pods -w', fake, {
      signal: stop.signal,
      onOutput: (text) => {
        if (text.includes('Running') && !text.includes('sample-0-decode-1-0'))
          queueMicrotask(() =>
            fake.put('pods', pod('sample-0-decode-1-0', { waiting: 'ContainerCreating' })),
          );
        if (text.includes('sample-0-decode-1-0')) stop.abort();
      },
    });
    expect(code).toBe(130);
    expect(stdout.trimEnd().split('\n').length).toBeGreaterThanOrEqual(4);
    expect(stdout.match(/NAME/g)).toHaveLength(1);
    expect(stdout).toMatch(/sample-0-decode-1-0\s+0\/1\s+ContainerCreating/);
  });

  it('puts glyph and colour before a person only', async () => {
    const shown = async (line: string, env: NodeJS.ProcessEnv) =>
      (await runCommand(line, client(), { terminal: true, env })).stdout;
    expect(await shown('get ms', {})).toContain('✅ \x1b[32mAvailable\x1b[39m');
    expect(await shown('get ms', { NO_COLOR: '1' })).toContain('✅ Available');
    expect(await shown('get ms --no-color', {})).toContain('✅ Available');
    expect(await shown('get ms --ascii', { NO_COLOR: '1' })).toContain('[ok] Available');
    expect(await shown('get ms', { TERM: 'dumb' })).toContain('[ok] Available');
    expect((await runCommand('get ms --color', client())).stdout).toContain('   \x1b[32mAvailable');
  });

  it('does not call a serving Available whose newest spec nobody has seen', async () => {
    const { stdout } = await runCommand(
      'get ms',
      fakeClient({ modelservings: [serving({ generation: 3, observed: 2 })] }),
    );
    expect(stdout).toContain('Progressing');
  });
});

describe('errors', () => {
  it.each([
    ['get', 64, 'error Usage: missing required argument'],
    ['get nonsense', 64, 'error Usage: there is no resource type "nonsense"'],
    ['get pods -o table2', 64, 'error Usage: -o table2 is not a known format'],
    ['get pods --wach', 64, "error Usage: unknown option '--wach'\nhint: Did you mean --watch?"],
    ['gett', 64, "error Usage: unknown command 'gett'\nhint: Did you mean get?"],
    ['get pods -o jsonpath={.items[}', 64, 'error Usage: -o jsonpath: '],
    ['get pods --cluster A_B', 64, 'error Usage: --cluster "A_B" is not a cluster name'],
    ['scale sample', 64, 'error Usage: say what to scale'],
    ['scale sample --replicas -1', 64, 'error Usage: '],
    ['wait ms/sample --for=sunshine', 64, 'error Usage: --for sunshine is not understood'],
    ['wait ms/sample --for=delete --timeout soon', 64, 'error Usage: '],
    ['', 64, ''],
  ])('%s', async (line, code, message) => {
    const ran = await runCommand(line === '' ? [] : line, client());
    expect(ran.code).toBe(code);
    expect(ran.stdout).toBe('');
    expect(ran.stderr).toContain(message);
  });

  it('says that no daemon runs, with 69', async () => {
    const unreachable = new AppError('DaemonUnreachable', 'no daemon', {
      hint: 'start it with `minithena up FILE`',
    });
    expect(await runCommand('get pods', unreachable)).toEqual({
      code: 69,
      stdout: '',
      stderr: 'error DaemonUnreachable: no daemon\nhint: start it with `minithena up FILE`\n',
    });
    expect(await runCommand('version', unreachable)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('daemon: not running'),
    });
  });

  it('prints help on stdout, with 0', async () => {
    const { code, stderr, stdout } = await runCommand('get --help', client());
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain('Usage: minithena get');
    expect(stdout).toContain('--cluster');
  });
});
