import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { Pod, Secret } from '../../../../src/api/types/resources.js';
import { dockerConfigCredentials } from '../../../../src/kubelet/pull/docker-config-credentials.js';
import { findCredentials } from '../../../../src/kubelet/pull/find-credentials.js';
import { isImageName, registryOf } from '../../../../src/kubelet/pull/image-name.js';
import { secretCredentials } from '../../../../src/kubelet/pull/secret-credentials.js';

const folders: string[] = [];
afterEach(() => {
  for (const each of folders.splice(0)) rmSync(each, { recursive: true, force: true });
});
const folder = () => {
  const made = mkdtempSync(join(tmpdir(), 'docker-config-'));
  folders.push(made);
  return made;
};
const base64 = (text: string) => Buffer.from(text).toString('base64');
const withConfig = (config: unknown) => {
  const path = folder();
  writeFileSync(join(path, 'config.json'), typeof config === 'string' ? config : JSON.stringify(config));
  return { DOCKER_CONFIG: path, PATH: process.env.PATH };
};
const secret = (name: string, auths: object, type = 'kubernetes.io/dockerconfigjson'): Secret => {
  const isJson = type === 'kubernetes.io/dockerconfigjson';
  const text = JSON.stringify(isJson ? { auths } : auths);
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, namespace: 'ns' },
    type,
    data: { [isJson ? '.dockerconfigjson' : '.dockercfg']: base64(text) },
  };
};

it.each([
  ['busybox', 'docker.io'],
  ['vllm/vllm-openai:v0.6.3', 'docker.io'],
  ['docker.io/vllm/vllm-openai', 'docker.io'],
  ['index.docker.io/library/busybox', 'docker.io'],
  ['localhost/app', 'localhost'],
  ['localhost:5000/app', 'localhost:5000'],
  ['ghcr.io/org/app@sha256:00', 'ghcr.io'],
])('the registry of %s is %s', (image, registry) => {
  expect(registryOf(image)).toBe(registry);
});

it.each([
  ['busybox', true],
  ['i', true],
  ['127.0.0.1:5000/a/b_c:1.2-x', true],
  [`a/b@sha256:${'0'.repeat(64)}`, true],
  ['Vllm/app', false],
  ['host:5000/a', true],
  ['Host.example.com/a', true],
  ['a//b', false],
  ['a:', false],
  ['a:b:c', false],
  ['https://ghcr.io/a', false],
])('%s is an image name: %s', (image, is) => {
  expect(isImageName(image)).toBe(is);
});

describe('Docker’s own configuration', () => {
  const hub = 'https://index.docker.io/v1/';
  const ada = { auth: base64('ada:pass:word') };
  it.each([
    ['Docker Hub under its key', { auths: { [hub]: ada } }, 'busybox', hub],
    ['a registry by host', { auths: { 'r.example.com': ada } }, 'r.example.com/a/b:1', 'r.example.com'],
    [
      'a key with scheme and path',
      { auths: { 'https://r.example.com/v2/': ada } },
      'r.example.com/a',
      'r.example.com',
    ],
    ['a port', { auths: { 'localhost:5000': ada, localhost: {} } }, 'localhost:5000/a', 'localhost:5000'],
  ])('finds %s', async (_name, config, image, serveraddress) => {
    const { found } = await dockerConfigCredentials(image, withConfig(config));
    expect(found?.auth).toEqual({ serveraddress, username: 'ada', password: 'pass:word' });
    expect(found?.source).toMatch(/config\.json$/);
  });

  it.each([
    ['another registry', { auths: { 'r.example.com': ada } }, 'other.example.com/a'],
    ['another port', { auths: { 'r.example.com:1': ada } }, 'r.example.com:2/a'],
    ['an entry that a helper left empty', { auths: { 'r.example.com': {} } }, 'r.example.com/a'],
    ['no auths at all', {}, 'busybox'],
  ])('finds none for %s', async (_name, config, image) => {
    expect(await dockerConfigCredentials(image, withConfig(config))).toEqual({});
  });

  it('an identity token goes in the place of the password', async () => {
    const env = withConfig({
      auths: { 'r.example.com': { auth: base64('00000000:'), identitytoken: 'tok' } },
    });
    const { found } = await dockerConfigCredentials('r.example.com/a', env);
    expect(found?.auth).toMatchObject({ serveraddress: 'r.example.com', identitytoken: 'tok' });
    expect(found?.auth.password).toBeUndefined();
  });

  it('no file is no problem; a broken one is, and nothing of it is repeated', async () => {
    expect(await dockerConfigCredentials('busybox', { DOCKER_CONFIG: '/nowhere' })).toEqual({});
    const broken = await dockerConfigCredentials('busybox', withConfig('hunter2 {'));
    expect(broken.problem).toMatch(/config\.json is no JSON$/);
    expect(JSON.stringify(broken)).not.toContain('hunter2');
  });

  describe('a helper', () => {
    const withHelper = (config: object, script: string) => {
      const bin = folder();
      const path = join(bin, 'docker-credential-test');
      writeFileSync(path, `#!/bin/sh\n${script}\n`);
      chmodSync(path, 0o755);
      const env = withConfig(config);
      return { ...env, PATH: `${bin}:${env.PATH}` };
    };
    const answer = `test "$1" = get && server=$(cat) && echo "{\\"ServerURL\\":\\"$server\\",\\"Username\\":\\"ada\\",\\"Secret\\":\\"for $server\\"}"`;

    it('is asked by credsStore for every registry, by its name in the file', async () => {
      const env = withHelper({ credsStore: 'test', auths: { [hub]: {} } }, answer);
      expect((await dockerConfigCredentials('busybox', env)).found).toEqual({
        auth: { serveraddress: hub, username: 'ada', password: `for ${hub}` },
        source: 'docker-credential-test',
      });
    });

    it('of credHelpers is asked for its registry before the store', async () => {
      const env = withHelper({ credsStore: 'absent', credHelpers: { 'r.example.com': 'test' } }, answer);
      expect((await dockerConfigCredentials('r.example.com/a', env)).found?.auth.password).toBe(
        'for r.example.com',
      );
      expect((await dockerConfigCredentials('other.example.com/a', env)).problem).toBe(
        'docker-credential-absent is not on the PATH of the daemon',
      );
    });

    it.each([
      [
        'may hand out an identity token',
        `cat >/dev/null; echo '{"Username":"<token>","Secret":"tok"}'`,
        {
          found: { auth: { identitytoken: 'tok', serveraddress: 'r.io' }, source: 'docker-credential-test' },
        },
      ],
      ['may have none', `echo 'credentials not found in native keychain'; exit 1`, {}],
      ['may fail', 'echo hunter2; exit 3', { problem: 'docker-credential-test failed (exit code 3)' }],
      [
        'may answer nonsense',
        'cat >/dev/null; echo hunter2',
        { problem: 'docker-credential-test did not answer in JSON' },
      ],
    ])('%s', async (_name, script, expected) => {
      expect(await dockerConfigCredentials('r.io/a', withHelper({ credsStore: 'test' }, script))).toEqual(
        expected,
      );
    });
  });
});

describe('Secrets of registries', () => {
  const bob = { username: 'bob', password: 'secret' };
  it.each([
    ['r.example.com', 'r.example.com/a/b:1', true],
    ['https://r.example.com/v1/', 'r.example.com/a/b:1', true],
    ['r.example.com/team', 'r.example.com/team/b:1', true],
    ['r.example.com/team', 'r.example.com/other/b:1', false],
    ['*.example.com', 'r.example.com/a', true],
    ['*.example.com', 'a.r.example.com/a', false],
    ['r.example.com:5000', 'r.example.com/a', false],
    ['https://index.docker.io/v1/', 'busybox', true],
    ['docker.io', 'vllm/vllm-openai', true],
    ['r.example.com', 'busybox', false],
  ])('the key %s is for %s: %s', (key, image, is) => {
    expect(secretCredentials(secret('s', { [key]: bob }), image)).toHaveLength(is ? 1 : 0);
  });

  it('the longest key comes first, and the older type counts as well', () => {
    const auths = { 'r.io': bob, 'r.io/team': { auth: base64('team:t') } };
    for (const type of ['kubernetes.io/dockerconfigjson', 'kubernetes.io/dockercfg']) {
      const found = secretCredentials(secret('s', auths, type), 'r.io/team/x:1');
      expect(found?.map(({ auth }) => auth.username)).toEqual(['team', 'bob']);
      expect(found?.[0]?.source).toBe('Secret ns/s');
    }
  });

  it('come before Docker’s own, in the order of the pod; what cannot be used is told', async () => {
    const secrets: Record<string, Secret> = {
      first: secret('first', { 'r.io': { username: 'one', password: '1' } }),
      opaque: secret('opaque', {}, 'Opaque'),
      broken: { ...secret('broken', {}), data: { '.dockerconfigjson': base64('{') } },
    };
    const imagePullSecrets = ['opaque', 'first', 'gone', 'broken'].map((name) => ({ name }));
    const pod = { metadata: { name: 'p', namespace: 'ns' }, spec: { containers: [], imagePullSecrets } };
    const env = withConfig({ auths: { 'r.io': { auth: base64('own:0') } } });
    const search = await findCredentials(pod as unknown as Pod, 'r.io/x', (_ns, name) => secrets[name], env);
    expect(search.found.map(({ auth }) => auth.username)).toEqual(['one', 'own']);
    expect(search.unusableSecrets).toEqual(['opaque', 'gone', 'broken']);
  });
});
