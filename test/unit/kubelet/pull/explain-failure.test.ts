import { expect, it } from 'vitest';
import { pullTrouble } from '../../../../src/api/pull-trouble.js';
import { explainFailure } from '../../../../src/kubelet/pull/explain-failure.js';

const hubDenied =
  "pull access denied for nosuch/image, repository does not exist or may require 'docker login': denied: requested access to the resource is denied";

it.each([
  [hubDenied, 'denied'],
  ['Get "https://r.io/v2/x/manifests/1": unauthorized: authentication required', 'denied'],
  ['Head "https://r.io/v2/x/manifests/1": no basic auth credentials', 'denied'],
  ['error from registry: 403 Forbidden', 'denied'],
  ['manifest for busybox:nope not found: manifest unknown: manifest unknown', 'missing'],
  ['repository r.io/x not found: name unknown: repository name not known to registry', 'missing'],
  [
    'failed to resolve reference "docker.io/library/busybox:nope": docker.io/library/busybox:nope: not found',
    'missing',
  ],
  ['no match for platform in manifest: not found', 'architecture'],
  [
    'initializing source docker://r.io/x:1: pinging container registry r.io: Get "https://r.io/v2/": EOF',
    'network',
  ],
  ['no matching manifest for linux/arm64/v8 in the manifest list entries', 'architecture'],
  ['toomanyrequests: You have reached your pull rate limit.', 'rateLimit'],
  ['failed to register layer: write /big: no space left on device', 'diskFull'],
  ['Get "https://r.io/v2/": net/http: TLS handshake timeout', 'network'],
  ['Get "https://r.io/v2/": context deadline exceeded', 'network'],
  ['Get "http://127.0.0.1:1/v2/": dial tcp 127.0.0.1:1: connect: connection refused', 'network'],
  ['dial tcp: lookup r.io: Temporary failure in name resolution', 'network'],
  ['Get "https://regstry.io/v2/": dial tcp: lookup regstry.io on 10.0.0.1:53: no such host', 'unknownHost'],
  ['invalid reference format: repository name must be lowercase', 'invalidName'],
  ['something new', 'other'],
])('%s is %s', (said, trouble) => {
  expect(pullTrouble(said)).toBe(trouble);
  // `up` reads it from the whole message.
  expect(pullTrouble(explainFailure('r.io/x:1', said, undefined))).toBe(trouble);
});

it('what is denied says which registry was asked, with what, and what to do', () => {
  const none = { found: [], unusableSecrets: [], problem: undefined };
  expect(explainFailure('nosuch/image', hubDenied, none)).toBe(
    `${hubDenied} (registry docker.io, asked without credentials); check the name, then run \`docker login\` or name a Secret in imagePullSecrets`,
  );
  const found = ['Secret ns/a', '/root/.docker/config.json'].map((source) => ({
    source,
    auth: { serveraddress: 'r.io', username: 'ada', password: 'hunter2' },
  }));
  const told = explainFailure('r.io/x:1', 'unauthorized', {
    ...none,
    found,
    problem: 'docker-credential-y failed',
  });
  expect(told).toBe(
    'unauthorized (registry r.io, asked with the credentials of Secret ns/a, then of /root/.docker/config.json; docker-credential-y failed); check the name, then run `docker login r.io` or name a Secret in imagePullSecrets',
  );
});

it.each([
  ['no space left on device', /docker system df/],
  ['toomanyrequests: limit', /`docker login`, wait/],
  ['no matching manifest for linux/arm64', /built for this machine/],
  ['i/o timeout', /reaches docker\.io/],
])('%s is followed by one next step', (said, next) => {
  expect(explainFailure('busybox', said, undefined)).toMatch(next);
  expect(explainFailure('busybox', said, undefined).startsWith(said)).toBe(true);
});
