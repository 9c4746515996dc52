import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Docker from 'dockerode';
import { execa } from 'execa';
import { type EngineConnection, pingEngine } from '../../src/kubelet/docker/connect.js';
import { freeSubnet } from '../../src/kubelet/docker/free-subnet.js';
import { eventually } from './eventually.js';

const find = (name: string): string | undefined =>
  ['/usr/bin', '/usr/sbin', '/usr/local/bin']
    .map((folder) => join(folder, name))
    .find((path) => existsSync(path));
const dockerd = find('dockerd');
const containerd = find('containerd');
/** Why no engine of our own can be had on this machine; undefined where it can. */
export const noPrivateDockerd =
  process.platform !== 'linux' || process.getuid?.() !== 0
    ? 'it takes root on Linux'
    : !dockerd || !containerd || !find('ip')
      ? 'it takes dockerd, containerd and ip'
      : undefined;

/** A Docker engine of our own, apart from the machine's: it can be ended and started again. */
export async function privateDockerd() {
  const folder = mkdtempSync(join(tmpdir(), 'dockerd-'));
  const bridge = `mt${process.pid}`;
  const subnet = freeSubnet([]) ?? '10.199.0.0/22';
  // A run that was killed may have left one under the same number.
  await execa('ip', ['link', 'del', bridge], { reject: false });
  await execa('ip', ['link', 'add', bridge, 'type', 'bridge']);
  await execa('ip', ['addr', 'add', subnet.replace(/\.0\//, '.1/'), 'dev', bridge]);
  await execa('ip', ['link', 'set', bridge, 'up']);
  const address = `unix://${join(folder, 'engine.sock')}`;
  const connection: EngineConnection = {
    from: 'test',
    address,
    isLocal: true,
    options: { socketPath: join(folder, 'engine.sock') },
  };
  const logPath = join(folder, 'log');
  const run = (program: string | undefined, flags: Record<string, string>) => {
    const output = openSync(logPath, 'a');
    const words = Object.entries(flags).map(([key, value]) => `--${key}=${value}`);
    const child = spawn(program ?? '', words, { stdio: ['ignore', output, output] });
    closeSync(output);
    const gone = new Promise<void>((resolve) => child.once('close', () => resolve()));
    return {
      stop(signal: 'SIGTERM' | 'SIGKILL') {
        child.kill(signal);
        return gone;
      },
    };
  };
  // Beside the engine, as on real machines: it lives on when the engine is killed.
  const config = join(folder, 'containerd.toml');
  writeFileSync(config, 'version = 2\ndisabled_plugins = ["io.containerd.grpc.v1.cri"]\n');
  const containerdSocket = join(folder, 'containerd.sock');
  const runtime = run(containerd, {
    config,
    root: join(folder, 'containerd-root'),
    state: join(folder, 'containerd-state'),
    address: containerdSocket,
  });
  let engine: ReturnType<typeof run> | undefined;
  const log = () => readFileSync(logPath, 'utf8').slice(-2000);

  const start = async () => {
    engine = run(dockerd, {
      containerd: containerdSocket,
      'data-root': join(folder, 'data'),
      'exec-root': join(folder, 'exec'),
      pidfile: join(folder, 'pid'),
      host: address,
      bridge,
      iptables: 'false',
      'ip-masq': 'false',
    });
    await eventually(
      () => `dockerd answers\n${log()}`,
      () =>
        pingEngine(connection).then(
          () => true,
          () => false,
        ),
    );
  };
  /** A killed engine forgets which bridges it made. */
  const bridges = new Set([bridge]);
  const answers = () =>
    pingEngine(connection).then(
      () => true,
      () => false,
    );
  const stop = async (signal: 'SIGTERM' | 'SIGKILL') => {
    if (!(await answers())) return;
    for (const { Id, Driver } of await new Docker(connection.options).listNetworks())
      if (Driver === 'bridge') bridges.add(`br-${Id.slice(0, 12)}`);
    await engine?.stop(signal);
  };
  await eventually(
    () => `containerd answers\n${log()}`,
    () => existsSync(containerdSocket),
  );
  await start();
  return {
    connection,
    start,
    /** Starts it where it is not running. */
    async ensure() {
      if (!(await answers())) await start();
    },
    stop,
    async close() {
      await stop('SIGTERM');
      await runtime.stop('SIGTERM');
      for (const each of bridges) await execa('ip', ['link', 'del', each], { reject: false });
      const mounts = readFileSync('/proc/mounts', 'utf8').matchAll(/^\S+ (\S+) /gm);
      const own = [...mounts].flatMap(([, path = '']) => (path.startsWith(folder) ? [path] : []));
      for (const path of own.reverse()) await execa('umount', [path], { reject: false });
      rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
    },
  };
}
