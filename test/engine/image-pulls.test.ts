import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Docker from 'dockerode';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { readPullMessage } from '../../src/api/pull-message.js';
import type { ImagePullPolicy } from '../../src/api/pull-override.js';
import { busyboxImage, dockerBed } from './docker-bed.js';
import { eventually } from './eventually.js';
import { kubeletBed } from './kubelet-bed.js';
import { tinyRegistry } from './tiny-registry.js';

const docker = new Docker();
const login = { username: 'ada', password: 'hunter2' };
let bed: Awaited<ReturnType<typeof dockerBed>>;
let k: Awaited<ReturnType<typeof kubeletBed>>;
let open: Awaited<ReturnType<typeof tinyRegistry>>;
let locked: Awaited<ReturnType<typeof tinyRegistry>>;
let folder = '';
let override: ImagePullPolicy | undefined;
const { DOCKER_CONFIG, PATH } = process.env;
const images = new Set<string>();

beforeAll(async () => {
  bed = await dockerBed('pulls');
  k = await kubeletBed(bed, { pullOverride: () => override });
  const { architecture } = await bed.engine.info();
  open = await tinyRegistry(architecture);
  locked = await tinyRegistry(architecture, login);
  folder = mkdtempSync(join(tmpdir(), 'pulls-'));
  process.env.DOCKER_CONFIG = folder;
});
afterEach(() => {
  config({});
  override = undefined;
  process.env.PATH = PATH;
});
afterAll(async () => {
  if (DOCKER_CONFIG === undefined) delete process.env.DOCKER_CONFIG;
  else process.env.DOCKER_CONFIG = DOCKER_CONFIG;
  await k.close();
  await bed.close();
  await Promise.all([open.close(), locked.close()]);
  for (const each of images)
    await docker
      .getImage(each)
      .remove({ force: true })
      .catch(() => {});
  rmSync(folder, { recursive: true, force: true });
});

const config = (content: object) => writeFileSync(join(folder, 'config.json'), JSON.stringify(content));
const base64 = (text: string) => Buffer.from(text).toString('base64');
const auths = (password: string) => ({
  [locked.address]: { auth: base64(`${login.username}:${password}`) },
});
const from = (registry: { address: string }, name: string, tag = 'good') => {
  const image = `${registry.address}/${name}:${tag}`;
  images.add(image);
  return image;
};
/** What is in these images cannot run: that their container is made says that they were pulled. */
const addWith = (name: string, image: string, more: object = {}) =>
  k.add(name, { containers: [k.container({ image, command: ['/none'] })], ...more });
const made = (name: string) => k.untilPod(name, 'made', () => k.events(name, 'Created').length > 0);
const held = (name: string, reason = 'ImagePullBackOff') =>
  k.untilPod(name, reason, (pod) => k.waiting(pod)?.reason === reason);
const pullSecret = (name: string, password: string) =>
  k.store.create('secrets', {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, namespace: 'ns' },
    type: 'kubernetes.io/dockerconfigjson',
    data: { '.dockerconfigjson': base64(JSON.stringify({ auths: auths(password) })) },
  });
const allSaid = () => JSON.stringify([k.store.list('events').items, k.store.list('pods').items]);

describe('credentials', () => {
  it('none: which registry, that none were shown, and what to do; with those of config.json it goes on', async () => {
    addWith('anonymous', from(locked, 'anonymous'));
    expect(k.waiting(await held('anonymous'))?.message).toMatch(
      new RegExp(`registry ${locked.address}, asked without credentials\\).*docker login ${locked.address}`),
    );
    // A login counts at once, in the back-off too.
    config({ auths: auths(login.password) });
    await made('anonymous');
    await k.remove('anonymous');
  });

  it('wrong ones: whose they were, and never what they are', async () => {
    config({ auths: auths('wrong-word') });
    addWith('wrong', from(locked, 'wrong'));
    expect(k.waiting(await held('wrong'))?.message).toContain(
      `asked with the credentials of ${join(folder, 'config.json')}`,
    );
    expect(allSaid()).not.toMatch(/wrong-word|hunter2/);
    expect(allSaid()).not.toContain(base64('ada:wrong-word'));
    await k.remove('wrong');
  });

  it('of a helper on the PATH', async () => {
    const helper = join(folder, 'docker-credential-minithena-test');
    writeFileSync(
      helper,
      `#!/bin/sh\nread server\necho '{"Username":"${login.username}","Secret":"${login.password}"}'\n`,
    );
    chmodSync(helper, 0o755);
    process.env.PATH = `${folder}:${PATH}`;
    config({ credHelpers: { [locked.address]: 'minithena-test' } });
    addWith('helped', from(locked, 'helped'));
    await made('helped');
    await k.remove('helped');
  });

  it('of imagePullSecrets, tried in order; one that appears later ends the back-off', async () => {
    pullSecret('wrong', 'wrong-word');
    const imagePullSecrets = [{ name: 'wrong' }, { name: 'late' }];
    addWith('secret', from(locked, 'secret'), { imagePullSecrets });
    expect(k.waiting(await held('secret'))?.message).toContain('with the credentials of Secret ns/wrong');
    expect(k.events('secret', 'FailedToRetrieveImagePullSecret')).toEqual([
      'Unable to retrieve some image pull secrets (late); attempting to pull the image may not succeed.',
    ]);
    pullSecret('late', login.password);
    await made('secret');
    expect(allSaid()).not.toMatch(/wrong-word|hunter2/);
    await k.remove('secret');
  });
});

it('two pods, one pull, and its progress in the waiting message of one of them', async () => {
  const image = from(open, 'shared', 'slow');
  const seen: number[] = [];
  const watch = k.store.watch('pods', ({ object }) => {
    const { percent } = readPullMessage(k.waiting(object)?.message ?? '') ?? {};
    if (percent !== undefined) seen.push(percent);
  });
  addWith('one', image);
  await eventually('some of it is here', () => seen.some((each) => each > 0));
  await eventually('more of it is here', () => seen.some((each) => each >= 25));
  addWith('two', image);
  await k.untilPod('two', 'follows', (pod) =>
    /Waiting for image .* pod one$/.test(k.waiting(pod)?.message ?? ''),
  );
  open.releaseSlow();
  await Promise.all([made('one'), made('two')]);
  watch.close();
  expect(open.slowRequests()).toBe(1);
  expect(seen).toEqual([...seen].sort((a, b) => a - b));
  await Promise.all([k.remove('one'), k.remove('two')]);
});

it('Never: not pulled, and started as soon as the image is there by other means', async () => {
  const image = from(open, 'never', 'other');
  k.add('never', { containers: [k.container({ image, imagePullPolicy: 'Never' })] });
  const pod = await held('never', 'ErrImageNeverPull');
  expect(k.waiting(pod)?.message).toBe(`Container image "${image}" is not present with pull policy of Never`);
  await docker.getImage(busyboxImage).tag({ repo: image.replace(/:other$/, ''), tag: 'other' });
  await k.ready('never');
  expect(k.events('never', 'Pulling')).toEqual([]);
  await k.remove('never');
});

it('what `up --pull` asks for overrules what the container says, both ways', async () => {
  const image = from(open, 'overruled');
  override = 'Always';
  for (const name of ['pulled', 'pulled-again']) {
    k.add(name, { containers: [k.container({ image, imagePullPolicy: 'Never', command: ['/none'] })] });
    await made(name);
    expect(k.events(name, 'Pulling')).toEqual([`Pulling image "${image}"`]);
    await k.remove(name);
  }
  override = 'Never';
  const absent = from(open, 'absent');
  k.add('overruled', { containers: [k.container({ image: absent, imagePullPolicy: 'Always' })] });
  await held('overruled', 'ErrImageNeverPull');
  await k.remove('overruled');
});

it('IfNotPresent: what is missing backs off, until somebody builds or tags it', async () => {
  const image = from(open, 'late', 'other');
  k.add('late', { containers: [k.container({ image })] });
  expect(k.waiting(await held('late'))?.message).toMatch(/manifest.*check the name and tag/);
  await docker.getImage(busyboxImage).tag({ repo: image.replace(/:other$/, ''), tag: 'other' });
  await k.ready('late');
  await k.remove('late');
});

it('an image of another machine, and a name that is none', async () => {
  addWith('alien', from(open, 'alien', 'alien'));
  expect(k.waiting(await held('alien'))?.message).toMatch(/no matching manifest.*built for this machine/);
  addWith('invalid', 'Not/Valid:1');
  expect(k.waiting(await held('invalid', 'InvalidImageName'))?.message).toContain('invalid reference format');
  await Promise.all([k.remove('alien'), k.remove('invalid')]);
});
