import { describe, expect, it } from 'vitest';
import { mergeKubeconfig } from '../../../src/api/merge-kubeconfig.js';
import { parseKubeconfig } from '../../../src/api/parse-kubeconfig.js';
import { makeKubeconfig } from '../../../src/apiserver/make-kubeconfig.js';

const own = (port: number) =>
  makeKubeconfig({ url: `https://127.0.0.1:${port}`, ca: 'CERT', token: `t${port}`, cluster: 'ci' });

describe('mergeKubeconfig', () => {
  const theirs = `# mine
apiVersion: v1
clusters:
- cluster: { server: https://prod:6443 } # the big one
  name: prod
contexts:
- context: {cluster: prod, user: me}
  name: prod
current-context: "prod"
users:
- {name: me, user: {token: abc}}
# the end
`;
  const access = (text: string, context?: string) => parseKubeconfig([{ path: '/x', text }], context);

  it('adds what is not there, and leaves every other line as it is written', () => {
    const { text, before, context } = mergeKubeconfig(theirs, own(1));
    expect([before, context]).toEqual(['prod', 'minithena-ci']);
    const lines = text.split('\n');
    for (const line of theirs.split('\n').filter((each) => !each.startsWith('current-context')))
      expect(lines).toContain(line);
    expect(access(text)).toMatchObject({ server: 'https://127.0.0.1:1', token: 't1' });
    expect(access(text, 'prod')).toMatchObject({ server: 'https://prod:6443', token: 'abc' });
    expect(mergeKubeconfig(text, own(1)).text).toBe(text);
  });

  it('replaces what is there, but keeps the namespace that somebody has given', () => {
    const { text } = mergeKubeconfig(theirs, own(1));
    const moved = text.replace('namespace: default', 'namespace: team');
    const again = mergeKubeconfig(moved, own(2)).text;
    expect(access(again)).toMatchObject({ server: 'https://127.0.0.1:2', token: 't2', namespace: 'team' });
    expect(again.match(/minithena-ci/g)?.length).toBe(text.match(/minithena-ci/g)?.length);
  });

  it.each([
    ['nothing', ''],
    ['comments alone', '# to be filled\n'],
    [
      'what kubectl writes of nothing',
      'apiVersion: v1\nclusters: null\ncontexts: null\ncurrent-context: ""\nkind: Config\nusers: null\n',
    ],
    ['JSON', '{"clusters": [], "contexts": [], "users": [], "current-context": ""}'],
  ])('makes a whole one of %s', (_what, text) => {
    const merged = mergeKubeconfig(text, own(1)).text;
    expect(access(merged)).toMatchObject({ server: 'https://127.0.0.1:1', token: 't1' });
    if (text.startsWith('{')) expect(() => JSON.parse(merged)).not.toThrow();
  });

  it.each([
    ['[', 'no YAML'],
    ['- a', 'no map'],
    ['clusters: *a', 'no YAML'],
  ])('refuses %s', (text, why) => {
    expect(() => mergeKubeconfig(text, own(1))).toThrow(why);
  });
});

describe('parseKubeconfig', () => {
  it('reads several files as one: the first that has a name counts, and paths start from their own file', () => {
    const files = [
      {
        path: '/a/contexts',
        text: `current-context: ""
contexts: [{ name: lab, context: { cluster: far, user: me } }]
users: [{ name: me, user: { exec: { command: ./login } } }]`,
      },
      {
        path: '/b/clusters',
        text: `current-context: lab
contexts: [{ name: lab, context: { cluster: none, user: none } }]
clusters: [{ name: far, cluster: { server: 'https://far/', certificate-authority: ca.crt } }]
users: [{ name: me, user: { token: late } }]`,
      },
    ];
    expect(parseKubeconfig(files)).toEqual({
      server: 'https://far',
      ca: { file: '/b/ca.crt' },
      command: expect.objectContaining({ command: '/a/login' }),
      insecure: false,
    });
    expect(() => parseKubeconfig(files, 'home')).toThrow(
      '/a/contexts, /b/clusters has no usable context "home"',
    );
  });
});
