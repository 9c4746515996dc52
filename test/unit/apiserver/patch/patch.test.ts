import { describe, expect, it } from 'vitest';
import { applyPatch } from '../../../../src/apiserver/patch/apply-patch.js';

const types = {
  json: 'application/json-patch+json',
  merge: 'application/merge-patch+json; charset=utf-8',
  strategic: 'application/strategic-merge-patch+json',
  apply: 'application/apply-patch+yaml',
};
const patched = (
  type: keyof typeof types,
  before: object,
  patch: unknown,
  { group = '', manager = 'me' }: { group?: string; manager?: string } = {},
) => {
  const kept = structuredClone(before);
  const after = applyPatch({ group }, before, patch, {
    contentType: types[type],
    fieldManager: manager,
    now: '2026-01-01T00:00:00Z',
  });
  expect(before).toEqual(kept);
  return after;
};

describe('a JSON patch', () => {
  it.each<[string, object, object[], object]>([
    ['adds a key', {}, [{ op: 'add', path: '/a', value: 1 }], { a: 1 }],
    ['adds at the end', { a: [1] }, [{ op: 'add', path: '/a/-', value: 2 }], { a: [1, 2] }],
    ['inserts', { a: [1, 3] }, [{ op: 'add', path: '/a/1', value: 2 }], { a: [1, 2, 3] }],
    [
      'removes',
      { a: [1, 2], b: 1 },
      [
        { op: 'remove', path: '/a/0' },
        { op: 'remove', path: '/b' },
      ],
      { a: [2] },
    ],
    ['replaces', { a: { 'b/c': 1 } }, [{ op: 'replace', path: '/a/b~1c', value: 2 }], { a: { 'b/c': 2 } }],
    ['replaces all', { a: 1 }, [{ op: 'replace', path: '', value: { b: 2 } }], { b: 2 }],
    ['moves', { a: 1 }, [{ op: 'move', from: '/a', path: '/b' }], { b: 1 }],
    ['copies', { a: { x: 1 } }, [{ op: 'copy', from: '/a', path: '/b' }], { a: { x: 1 }, b: { x: 1 } }],
    ['tests', { a: [1] }, [{ op: 'test', path: '/a', value: [1] }], { a: [1] }],
  ])('%s', (_what, before, patch, after) => {
    expect(patched('json', before, patch)).toEqual(after);
  });

  it.each<[object[], string]>([
    [[{ op: 'test', path: '/a', value: 2 }], 'SpecInvalid'],
    [[{ op: 'remove', path: '/c' }], 'SpecInvalid'],
    [[{ op: 'replace', path: '/c', value: 1 }], 'SpecInvalid'],
    [[{ op: 'add', path: '/c/d', value: 1 }], 'SpecInvalid'],
    [[{ op: 'add', path: '/l/7', value: 1 }], 'SpecInvalid'],
    [[{ op: 'jump', path: '/a' }], 'SpecInvalid'],
    [[{ op: 'add', path: '/__proto__/x', value: 1 }], 'Usage'],
    [[{ op: 'add' }], 'Usage'],
    [[{ op: 'add', path: 'a', value: 1 }], 'Usage'],
  ])('is refused whole: %j', (patch, code) => {
    expect(() => patched('json', { a: 1, l: [1] }, patch)).toThrow(expect.objectContaining({ code }));
  });
});

it('a merge patch merges maps, takes away with null, and has lists whole', () => {
  expect(
    patched(
      'merge',
      { a: { b: 1, c: 2 }, l: [{ name: 'x' }], s: 1 },
      { a: { b: null, d: { e: null } }, l: [1], s: {} },
    ),
  ).toEqual({ a: { c: 2, d: {} }, l: [1], s: {} });
});

describe('a strategic merge patch', () => {
  const pod = {
    metadata: { finalizers: ['a'] },
    spec: {
      containers: [
        {
          name: 'x',
          image: '1',
          args: ['a', 'b'],
          env: [{ name: 'A', value: '1' }],
          ports: [{ containerPort: 80 }],
        },
        { name: 'y' },
      ],
      volumes: [{ name: 'v', emptyDir: {} }],
    },
  };
  it.each<[string, object, object]>([
    [
      'merges items by their keys and adds new ones',
      {
        spec: {
          containers: [
            { name: 'x', image: '2', env: [{ name: 'B' }], ports: [{ containerPort: 80, name: 'http' }] },
            { name: 'z' },
          ],
        },
      },
      {
        ...pod,
        spec: {
          ...pod.spec,
          containers: [
            {
              name: 'x',
              image: '2',
              args: ['a', 'b'],
              env: [{ name: 'A', value: '1' }, { name: 'B' }],
              ports: [{ containerPort: 80, name: 'http' }],
            },
            { name: 'y' },
            { name: 'z' },
          ],
        },
      },
    ],
    [
      'deletes an item, replaces a list, keeps the order that is said',
      {
        metadata: { finalizers: ['b'], '$deleteFromPrimitiveList/finalizers': ['a'] },
        spec: {
          '$setElementOrder/containers': [{ name: 'z' }, { name: 'y' }],
          containers: [{ name: 'x', $patch: 'delete' }, { name: 'z' }],
          volumes: [{ $patch: 'replace' }, { name: 'w' }],
        },
      },
      {
        metadata: { finalizers: ['b'] },
        spec: { containers: [{ name: 'z' }, { name: 'y' }], volumes: [{ name: 'w' }] },
      },
    ],
    [
      'retains the keys that are said, and replaces a map whole',
      { metadata: { $patch: 'replace', labels: { a: 'b' } }, spec: { $retainKeys: ['volumes'] } },
      { metadata: { labels: { a: 'b' } }, spec: { volumes: [{ name: 'v', emptyDir: {} }] } },
    ],
    [
      'has other lists whole',
      { spec: { containers: [{ name: 'x', args: ['c'] }] } },
      {
        ...pod,
        spec: { ...pod.spec, containers: [{ ...pod.spec.containers[0], args: ['c'] }, { name: 'y' }] },
      },
    ],
  ])('%s', (_what, patch, after) => {
    expect(patched('strategic', pod, patch)).toEqual(after);
  });

  it('is refused where an item has no key, and for the kinds that have no strategy', () => {
    expect(() => patched('strategic', pod, { spec: { containers: [{ image: '2' }] } })).toThrow(
      'does not contain declared merge key: name',
    );
    expect(() => patched('strategic', {}, {}, { group: 'workload.serving.volcano.sh' })).toThrow(
      expect.objectContaining({ code: 'UnsupportedMediaType', hint: 'with kubectl patch: --type=merge' }),
    );
  });
});

describe('an apply patch', () => {
  const kind = { apiVersion: 'v1', kind: 'ConfigMap' };
  const named = { name: 'c', namespace: 'default' };
  const data = (value: unknown) => (value as { data?: object }).data;

  it('merges, and takes away what its manager applied before and leaves out now', () => {
    const first = patched('apply', {}, { ...kind, metadata: named, data: { a: '1', b: '2' } }) as object;
    expect(first).toMatchObject({
      ...kind,
      data: { a: '1', b: '2' },
      metadata: {
        managedFields: [
          {
            manager: 'me',
            operation: 'Apply',
            fieldsV1: { 'f:data': { 'f:a': {}, 'f:b': {} } },
          },
        ],
      },
    });
    const others = { ...first, data: { ...data(first), c: '3' } };
    const second = patched('apply', others, { ...kind, metadata: named, data: { a: '5' } }) as object;
    expect(data(second)).toEqual({ a: '5', c: '3' });
    const third = patched(
      'apply',
      second,
      { ...kind, metadata: named, data: { a: '5', d: '4' } },
      {
        manager: 'you',
      },
    ) as object;
    expect(data(patched('apply', third, { ...kind, metadata: named }))).toEqual({ a: '5', c: '3', d: '4' });
  });

  it('has the items of a list by their keys', () => {
    const roles = (names: string[]) => ({
      apiVersion: 'a/v1',
      kind: 'K',
      metadata: named,
      spec: { roles: names.map((name) => ({ name, replicas: 1 })) },
    });
    const first = patched('apply', {}, roles(['p', 'd'])) as { spec: { roles: object[] } };
    const scaled = {
      ...first,
      spec: {
        roles: [
          { name: 'p', replicas: 4, extra: 1 },
          { name: 'd', replicas: 1 },
        ],
      },
    };
    expect(patched('apply', scaled, roles(['p', 'q']))).toMatchObject({
      spec: {
        roles: [
          { name: 'p', replicas: 1, extra: 1 },
          { name: 'q', replicas: 1 },
        ],
      },
    });
  });

  it('that changes nothing is the same object, its time included', () => {
    const config = { ...kind, metadata: named, data: { a: '1' } };
    const first = patched('apply', {}, config) as object;
    expect(patched('apply', first, config)).toEqual(first);
  });

  it.each([
    [{ data: {} }, 'me', 'Usage'],
    [[], 'me', 'Usage'],
    [{ ...kind, metadata: { managedFields: [] } }, 'me', 'Usage'],
    [{ ...kind }, '', 'SpecInvalid'],
  ])('is refused: %j by "%s"', (patch, manager, code) => {
    expect(() => patched('apply', {}, patch, { manager })).toThrow(expect.objectContaining({ code }));
  });
});
