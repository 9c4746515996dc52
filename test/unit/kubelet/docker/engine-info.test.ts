import type Docker from 'dockerode';
import { expect, it } from 'vitest';
import type { EngineConnection } from '../../../../src/kubelet/docker/connect.js';
import { engineInfo } from '../../../../src/kubelet/docker/engine-info.js';

const local: EngineConnection = {
  from: 'test',
  address: 'unix:///x',
  isLocal: true,
  options: { socketPath: '/x' },
};
const engine = (about: object, components: string[] = ['Engine']) =>
  ({
    info: () =>
      Promise.resolve({
        ID: 'id',
        Name: 'host',
        NCPU: 4,
        MemTotal: 8,
        OperatingSystem: 'Debian',
        Architecture: 'x86_64',
        ...about,
      }),
    version: () =>
      Promise.resolve({
        Version: '1',
        ApiVersion: '1.41',
        Components: components.map((Name) => ({ Name })),
      }),
    getNetwork: () => ({
      inspect: () => Promise.reject(Object.assign(new Error('no such network'), { statusCode: 404 })),
    }),
  }) as unknown as Docker;

it.runIf(process.platform === 'linux').each([
  ['an engine of this machine', {}, local, true],
  [
    'with its usual options',
    { SecurityOptions: ['name=seccomp,profile=default', 'name=cgroupns'] },
    local,
    true,
  ],
  ['with none', { SecurityOptions: null }, local, true],
  ['a rootless one', { SecurityOptions: ['name=seccomp,profile=default', 'name=rootless'] }, local, false],
  ['Docker Desktop', { OperatingSystem: 'Docker Desktop' }, local, false],
  ['one of another machine', {}, { ...local, isLocal: false }, false],
])('pod addresses are dialled where they can be: %s', async (_what, about, connection, reached) => {
  expect((await engineInfo(engine(about), connection)).hostReachesPods).toBe(reached);
});

it('an engine without an id is known by its name, and one without a bridge has no mark', async () => {
  const nameless = await engineInfo(engine({ ID: '' }, []), local);
  expect(nameless.engineId).toBe('host');
  // Podman makes up another id at every question.
  const info = await engineInfo(engine({ ID: 'x', DockerRootDir: '/var/lib' }, ['Podman Engine']), local);
  expect(info).toMatchObject({ engineId: 'podman host /var/lib', kind: 'podman', cpus: 4, concurrency: 4 });
  expect(info).not.toHaveProperty('startMark');
});
