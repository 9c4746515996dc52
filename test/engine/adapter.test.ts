import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ownerLabel } from '../../src/api/labels.js';
import { dockerEngine } from '../../src/kubelet/docker/docker-engine.js';
import { findEngine } from '../../src/kubelet/docker/find-engine.js';
import type {
  ContainerSpec,
  Engine,
  EngineEvent,
  LogOptions,
  PullProgress,
} from '../../src/kubelet/engine.js';
import { sandboxImage } from '../../src/kubelet/map/needs-sandbox.js';
import { AppError } from '../../src/lib/app-error.js';
import { busyboxImage, dockerBed } from './docker-bed.js';
import { eventually } from './eventually.js';
import { socketProxy } from './socket-proxy.js';
import { tinyRegistry } from './tiny-registry.js';

type Bed = Awaited<ReturnType<typeof dockerBed>>;
let bed: Bed;
let foreign: Bed;
let engine: Engine;
let serial = 0;
beforeAll(async () => {
  bed = await dockerBed('adapter');
  foreign = await dockerBed('foreign');
  engine = bed.engine;
});
afterAll(async () => {
  await bed.close();
  await foreign.close();
});

const specOf = (of: Bed, more: Partial<ContainerSpec> = {}): ContainerSpec => ({
  name: `${of.cluster.name}_${++serial}`,
  image: busyboxImage,
  labels: {
    [ownerLabel.owner]: 'minithena',
    [ownerLabel.cluster]: of.cluster.name,
    [ownerLabel.clusterId]: of.cluster.id,
  },
  env: [],
  network: { kind: 'none' },
  ports: [],
  mounts: [],
  entrypoint: ['/bin/busybox', 'sleep', '100000'],
  ...more,
});
const shell = (script: string): Partial<ContainerSpec> => ({ entrypoint: ['/bin/sh', '-c', script] });
async function run(more: Partial<ContainerSpec> = {}, of = bed): Promise<string> {
  const id = await of.engine.createContainer(specOf(of, more));
  await of.engine.startContainer(id);
  return id;
}
const ended = (id: string) =>
  eventually('the container has ended', async () => {
    const details = await engine.inspectContainer(id);
    return details?.state === 'exited' && details;
  });
async function text(id: string, options: LogOptions = {}): Promise<string> {
  let all = '';
  for await (const { stream, data } of engine.logs(id, options))
    all += `${stream === 'stderr' ? '!' : ''}${Buffer.from(data).toString()}`;
  return all;
}
const codeOf = (error: unknown) => (error instanceof AppError ? error.code : String(error));
const failureOf = (call: Promise<unknown>): Promise<AppError> =>
  call.then(
    () => {
      throw new Error('it did not fail');
    },
    (error: AppError) => error,
  );

describe('containers', () => {
  it('lists its own and no others, and says nothing of the deaths of others', async () => {
    const events: EngineEvent[] = [];
    const watching = new AbortController();
    engine.watch((event) => events.push(event), watching.signal);
    await eventually('it watches', () => events.some(({ type }) => type === 'connected'));
    const theirs = await run({}, foreign);
    const ours = await run();
    const listed = (await engine.listContainers()).map((each) => each.containerId);
    expect(listed).toContain(ours);
    expect(listed).not.toContain(theirs);
    await foreign.engine.killContainer(theirs);
    await engine.killContainer(ours);
    await eventually('our death is reported', () => events.some(({ type }) => type === 'died'));
    const named = events.flatMap((event) => ('containerId' in event ? [event.containerId] : []));
    expect(new Set(named)).toEqual(new Set([ours]));
    expect(events.find((event) => event.type === 'died')).toMatchObject({ exitCode: 137 });
    expect(events.find((event) => event.type === 'died')).toHaveProperty(
      ['labels', ownerLabel.clusterId],
      bed.cluster.id,
    );
    watching.abort();
  });

  it('start, stop, kill and remove may be asked for twice, and of what is gone', async () => {
    const id = await run(shell('trap "exit 0" TERM; echo set; while :; do sleep 0.1; done'));
    await eventually('the trap is set', async () => (await text(id)) === 'set\n');
    await engine.startContainer(id);
    await engine.stopContainer(id, 30);
    await engine.stopContainer(id, 30);
    await engine.killContainer(id);
    expect(await engine.inspectContainer(id)).toMatchObject({ state: 'exited', exitCode: 0 });
    await Promise.all([engine.removeContainer(id), engine.removeContainer(id)]);
    await engine.removeContainer(id);
    await engine.stopContainer(id, 0);
    expect(await engine.inspectContainer(id)).toBeUndefined();
    expect(codeOf(await failureOf(engine.startContainer(id)))).toBe('EngineNotFound');
  });

  it('a second stop with a shorter grace takes effect', async () => {
    const id = await run();
    const slow = engine.stopContainer(id, 100_000);
    await engine.stopContainer(id, 0);
    await slow;
    expect(await engine.inspectContainer(id)).toMatchObject({ state: 'exited', exitCode: 137 });
  });

  it('a taken name, an image that is absent and a program that is absent are told apart', async () => {
    const first = specOf(bed);
    const id = await engine.createContainer(first);
    expect(await engine.inspectContainer(id)).toMatchObject({ state: 'created', name: first.name });
    const conflict = await failureOf(engine.createContainer(first));
    expect(codeOf(conflict)).toBe('EngineConflict');
    expect(conflict.message).toContain(first.name);
    const absent = await failureOf(engine.createContainer(specOf(bed, { image: 'minithena/nothing:1' })));
    expect(codeOf(absent)).toBe('EngineNotFound');
    expect(absent.message).toContain('minithena/nothing:1');
    const wrong = await engine.createContainer(specOf(bed, { entrypoint: ['/no/such/program'] }));
    const refused = await failureOf(engine.startContainer(wrong));
    expect(refused.message).toContain('/no/such/program');
    expect(await engine.inspectContainer(wrong)).not.toHaveProperty('startedAtMs');
  });

  it('the pause image ends at SIGTERM as process 1, without being killed', async () => {
    const { entrypoint: _none, ...spec } = specOf(bed, { image: sandboxImage });
    const id = await engine.createContainer(spec);
    await engine.startContainer(id);
    const { default: Docker } = await import('dockerode');
    // A signal that comes before the program has begun to wait for it goes unheard.
    const details = await eventually('it has ended', async () => {
      await new Docker()
        .getContainer(id)
        .kill({ signal: 'SIGTERM' })
        .catch(() => {});
      const now = await engine.inspectContainer(id);
      return now?.state === 'exited' && now;
    });
    expect(details.exitCode).toBe(0);
  });

  it('a paused container can be stopped and removed', async () => {
    const id = await run();
    const { default: Docker } = await import('dockerode');
    await new Docker().getContainer(id).pause();
    expect(await engine.inspectContainer(id)).toMatchObject({ state: 'paused' });
    await engine.stopContainer(id, 0);
    await engine.removeContainer(id);
  });

  it('a volume begins empty, whatever the image has at its place', async () => {
    const volume = `${bed.cluster.name}_empty`;
    await engine.ensureVolume(volume, specOf(bed).labels);
    const mount = { kind: 'volume', volume, readOnly: false } as const;
    await engine.createContainer(specOf(bed, { mounts: [{ ...mount, path: '/bin' }] }));
    const reader = await run({ ...shell('ls -A /all'), mounts: [{ ...mount, path: '/all' }] });
    await ended(reader);
    expect(await text(reader)).toBe('');
  });

  it('mounts a folder of a volume that does not exist yet', async () => {
    const volume = `${bed.cluster.name}_sub`;
    await engine.ensureVolume(volume, specOf(bed).labels);
    const mount = { kind: 'volume', volume, readOnly: false } as const;
    const writer = await run({
      ...shell('echo deep > /part/file'),
      mounts: [{ ...mount, path: '/part', subPath: 'a/b' }],
    });
    await ended(writer);
    const reader = await run({ ...shell('cat /all/a/b/file'), mounts: [{ ...mount, path: '/all' }] });
    await ended(reader);
    expect(await text(reader)).toBe('deep\n');
  });
});

describe('commands inside', () => {
  it.each([
    ['ends well', ['/bin/sh', '-c', 'echo out; echo err >&2'], /^0$/, /out\nerr|err\nout/],
    ['ends badly', ['/bin/sh', '-c', 'echo why; exit 7'], /^7$/, /why/],
    ['does not exist', ['/no/such'], /^12[67]$/, /no\/such/],
  ])('one that %s', async (_what, command, exitCode, output) => {
    const id = await run();
    const result = await engine.exec(id, command, { timeoutMs: 20_000 });
    expect(String(result.exitCode)).toMatch(exitCode);
    expect(result.output).toMatch(output);
  });

  it('many at once all tell their exit codes', async () => {
    const id = await run();
    const codes = Array.from({ length: 24 }, (_, at) => at);
    const results = await Promise.all(
      codes.map((code) => engine.exec(id, ['/bin/sh', '-c', `exit ${code}`], { timeoutMs: 30_000 })),
    );
    expect(results.map((each) => each.exitCode)).toEqual(codes);
  });

  it('one that takes too long, and one that says too much', async () => {
    const id = await run();
    const late = await failureOf(engine.exec(id, ['/bin/sleep', '1000'], { timeoutMs: 300 }));
    expect(codeOf(late)).toBe('TimedOut');
    expect(late.message).toContain('/bin/sleep 1000');
    const much = await engine.exec(id, ['/bin/sh', '-c', 'yes | head -c 100000'], { timeoutMs: 20_000 });
    expect(much.exitCode).toBe(0);
    expect(much.output.length).toBe(10 * 1024);
  });

  it('none in a container that has ended', async () => {
    const id = await run(shell('true'));
    await ended(id);
    const refused = await failureOf(engine.exec(id, ['/bin/true'], { timeoutMs: 5000 }));
    expect(refused).toBeInstanceOf(AppError);
    expect(refused.message).toMatch(/not running/);
  });
});

describe('logs', () => {
  it('all, the last lines, with times, and since a time', async () => {
    const id = await run(shell('echo one; echo two >&2; echo three'));
    const { finishedAtMs = 0 } = await ended(id);
    expect((await text(id)).split('\n').sort()).toEqual(['', '!two', 'one', 'three']);
    expect(await text(id, { tail: 1 })).toMatch(/^(three|!two)\n$/);
    expect(await text(id, { tail: 0 })).toBe('');
    const stamped = await text(id, { timestamps: true });
    expect(stamped).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z one$/m);
    expect(await text(id, { sinceMs: finishedAtMs + 60_000 })).toBe('');
    expect(await text(id, { sinceMs: finishedAtMs - 60_000 })).toContain('three');
  });

  it('a line that the engine cuts into pieces has one time', async () => {
    const id = await run(shell('head -c 40000 /dev/zero | tr "\\0" x; echo; echo last'));
    await ended(id);
    const [long = '', last = ''] = (await text(id, { timestamps: true })).split('\n');
    expect(long.length).toBe(40_000 + long.indexOf('x'));
    expect(long.match(/\d{4}-\d\d-/g)).toHaveLength(1);
    expect(last).toMatch(/Z last$/);
  });

  it('a terminal has one stream without frames', async () => {
    const id = await run({ ...shell('echo one; echo two >&2'), tty: true });
    await ended(id);
    expect(await text(id)).toBe('one\r\ntwo\r\n');
  });

  it('followed until the container ends', async () => {
    const id = await run(shell('echo first; while [ ! -e /go ]; do sleep 0.1; done; echo last'));
    let seen = '';
    for await (const { data } of engine.logs(id, { follow: true })) {
      seen += Buffer.from(data).toString();
      if (seen === 'first\n') await engine.exec(id, ['/bin/touch', '/go'], { timeoutMs: 10_000 });
    }
    expect(seen).toBe('first\nlast\n');
  });

  it('followed until nobody listens any more', async () => {
    const id = await run(shell('echo first; sleep 100000'));
    const listening = new AbortController();
    const seen: string[] = [];
    for await (const { data } of engine.logs(id, { follow: true, signal: listening.signal })) {
      seen.push(Buffer.from(data).toString());
      listening.abort();
    }
    expect(seen).toEqual(['first\n']);
    expect(await engine.inspectContainer(id)).toMatchObject({ state: 'running' });
  });

  it('of a container that is gone', async () => {
    expect(codeOf(await failureOf(text('0123456789ab')))).toBe('EngineNotFound');
  });
});

describe('images', () => {
  it('a pull that cannot be: the words are the engine’s', async () => {
    const refused = await failureOf(engine.pullImage('127.0.0.1:1/none:1', {}));
    expect(codeOf(refused)).toBe('ImagePull');
    expect(refused.message).toMatch(/connection refused/);
  });

  it('pulled with progress, found, and told when it is missing or broken', async () => {
    const { architecture } = await engine.info();
    const registry = await tinyRegistry(architecture);
    const image = `${registry.address}/tiny:good`;
    try {
      let progress: PullProgress | undefined;
      expect(await engine.findImage(image)).toBeUndefined();
      await engine.pullImage(image, { onProgress: (now) => (progress = now) });
      expect(progress?.layersTotal).toBeGreaterThan(0);
      expect(progress?.layersDone).toBe(progress?.layersTotal);
      expect(progress?.doneBytes).toBe(progress?.totalBytes);
      expect((await engine.findImage(image))?.imageId).toMatch(/^sha256:/);
      const missing = await failureOf(engine.pullImage(`${registry.address}/tiny:other`, {}));
      expect(codeOf(missing)).toBe('ImagePull');
      expect(missing.message).toMatch(/manifest/);
      const broken = await failureOf(engine.pullImage(`${registry.address}/other:broken`, {}));
      expect(codeOf(broken)).toBe('ImagePull');
      expect(broken.message).not.toBe('');
    } finally {
      const { default: Docker } = await import('dockerode');
      await new Docker().getImage(image).remove({ force: true });
      await registry.close();
    }
  });
});

describe('contact', () => {
  it('is made again after it was lost, and events go on', async () => {
    const proxy = await socketProxy(await findEngine());
    const remote = await dockerEngine({ connection: proxy.connection, cluster: bed.cluster });
    const events: EngineEvent[] = [];
    const watching = new AbortController();
    const count = (type: EngineEvent['type']) => events.filter((event) => event.type === type).length;
    try {
      remote.watch((event) => events.push(event), watching.signal);
      await eventually('connected', () => count('connected') === 1);
      proxy.drop({ refuse: true });
      await eventually('disconnected', () => count('disconnected') > 0);
      for (const call of [remote.ping?.(), remote.listContainers(), remote.inspectContainer('x')])
        expect(codeOf(await failureOf(call as Promise<unknown>))).toBe('EngineUnreachable');
      const id = await run();
      proxy.admit();
      await eventually('connected again', () => count('connected') === 2);
      const reasons = events.flatMap((event) => (event.type === 'disconnected' ? [event.reason] : []));
      expect(reasons).toEqual([...new Set(reasons)]);
      expect(reasons).not.toContain('aborted');
      expect((await remote.listContainers()).map((each) => each.containerId)).toContain(id);
      await engine.removeContainer(id);
      await eventually('the removal', () =>
        events.some((event) => event.type === 'removed' && event.containerId === id),
      );
    } finally {
      watching.abort();
      await remote.close();
      await proxy.close();
    }
  });

  it('what is cut off half-way says that the engine does not answer, not that the image or the command failed', async () => {
    const registry = await tinyRegistry((await engine.info()).architecture);
    const proxy = await socketProxy(await findEngine());
    const remote = await dockerEngine({ connection: proxy.connection, cluster: bed.cluster });
    const id = await run(shell('echo begun; sleep 100000'));
    try {
      const begun = new Set<string>();
      const read = async () => {
        for await (const { data } of remote.logs(id, { follow: true }))
          begun.add(`log ${Buffer.from(data).toString().trim()}`);
      };
      const pulled = remote.pullImage(`${registry.address}/tiny:stalled`, {
        onProgress: ({ layersTotal }) => layersTotal > 0 && begun.add('pull'),
      });
      const command = ['/bin/sh', '-c', 'touch /in; sleep 60'];
      const failures = [pulled, read(), remote.exec(id, command, { timeoutMs: 60_000 })].map(failureOf);
      await eventually('all are under way', async () => {
        const { exitCode } = await engine.exec(id, ['/bin/ls', '/in'], { timeoutMs: 5000 });
        return exitCode === 0 && begun.has('pull') && begun.has('log begun');
      });
      proxy.drop({ refuse: true });
      expect((await Promise.all(failures)).map(codeOf)).toEqual(Array(3).fill('EngineUnreachable'));
    } finally {
      await remote.close();
      await proxy.close();
      await registry.close();
    }
  });

  it('where no engine is, each place is named with the reason', async () => {
    const one = await failureOf(findEngine({ host: 'unix:///nope' }));
    expect(codeOf(one)).toBe('EngineUnreachable');
    expect(one.message).toMatch(/--host \(unix:\/\/\/nope\): .*ENOENT/);
    const odd = await failureOf(findEngine({ host: 'fish' }));
    expect(odd.message).toMatch(/fish.*not an address/);
    const remote = await failureOf(findEngine({ environment: { DOCKER_HOST: 'tcp://127.0.0.1:1' } }));
    expect(remote.message).toMatch(/DOCKER_HOST \(tcp:\/\/127\.0\.0\.1:1\): .*ECONNREFUSED/);
  });

  it('a socket that lets this user not in is told from one that is not there', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'locked-'));
    const path = join(folder, 'engine.sock');
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(path, resolve));
    chmodSync(path, 0);
    const user = process.geteuid?.();
    try {
      // Root is let in everywhere.
      if (user === 0) process.seteuid?.(65_534);
      const refused = await failureOf(findEngine({ host: `unix://${path}` }));
      expect(codeOf(refused)).toBe('EnginePermission');
      expect(refused.hint).toMatch(/usermod/);
    } finally {
      if (user === 0) process.seteuid?.(0);
      await new Promise((resolve) => server.close(resolve));
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
