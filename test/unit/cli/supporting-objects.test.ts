import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseManifests } from '../../../src/api/parse-manifests.js';
import { appliedLines, supportingInForce } from '../../../src/cli/supporting-objects.js';
import { fakeClient } from './fake-client.js';
import { runCommand } from './run-command.js';
import { serving } from './sample-objects.js';

const yaml = (level: string) => `apiVersion: v1
kind: ConfigMap
metadata: {name: settings}
data: {LOG_LEVEL: ${level}}
---
apiVersion: v1
kind: Secret
metadata: {name: token}
stringData: {HF_TOKEN: hunter2}
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: cache}
spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
`;
const file = join(mkdtempSync(join(tmpdir(), 'objects-')), 'config.yaml');

/** A client that has what the text says in force, from `file`. */
function clientOf(text: string, resourceVersion = '1') {
  const of = (wanted: string) =>
    parseManifests(file, text)
      .supporting.filter(({ resource }) => resource === wanted)
      .map(({ object }) => ({
        ...object,
        metadata: {
          ...object.metadata,
          resourceVersion,
          creationTimestamp: '2026-01-01T00:54:58Z',
          annotations: { 'minithena.dev/file': file },
        },
      }));
  return fakeClient({
    modelservings: [serving()],
    configmaps: of('configmaps'),
    secrets: of('secrets'),
    persistentvolumeclaims: of('persistentvolumeclaims'),
  });
}

describe('ConfigMaps, Secrets and claims on the command line', () => {
  it.each([
    ['get cm', 'settings', '1'],
    ['get secret', 'token', 'Opaque'],
    ['get pvc', 'cache', 'Bound'],
  ])('%s', async (command, name, word) => {
    const { code, stdout } = await runCommand(command, clientOf(yaml('info')));
    expect(code).toBe(0);
    expect(stdout).toMatch(new RegExp(`^NAME .*\\n${name} +${word} `));
  });

  it.each(['yaml', 'json', 'jsonpath={.data}'])('get secret -o %s shows no value', async (format) => {
    const { code, stdout } = await runCommand(
      ['get', 'secret', 'token', '-o', format],
      clientOf(yaml('info')),
    );
    expect(code).toBe(0);
    expect(stdout).toContain('HF_TOKEN');
    expect(stdout).not.toMatch(/hunter2|aHVudGVyMg/);
  });

  it('get secret -w -o yaml shows none either', async () => {
    const ending = new AbortController();
    const { stdout } = await runCommand(['get', 'secret', '-w', '-o', 'yaml'], clientOf(yaml('info')), {
      signal: ending.signal,
      onOutput: (text) => text.includes('HF_TOKEN') && ending.abort(),
    });
    expect(stdout).not.toMatch(/aHVudGVyMg/);
  });

  it('describe tells how long the values of a Secret are', async () => {
    const { stdout } = await runCommand('describe secret token', clientOf(yaml('info')));
    expect(stdout).toMatch(/HF_TOKEN.*7 bytes/);
    expect(stdout).not.toMatch(/hunter2|aHVudGVyMg/);
  });

  it('up says what became of each', async () => {
    const before = await supportingInForce(fakeClient());
    const first = await supportingInForce(clientOf(yaml('info')));
    const next = await supportingInForce(clientOf(yaml('debug'), '2'));
    const keys = [...first.keys()];
    expect(appliedLines(keys, before, first)).toEqual([
      'configmap/settings created',
      'secret/token created',
      'persistentvolumeclaim/cache created',
    ]);
    expect(appliedLines(keys, first, first)[0]).toBe('configmap/settings unchanged');
    expect(appliedLines(keys, first, next)[0]).toBe('configmap/settings configured');
  });

  it('plan names the keys that change, and no value', async () => {
    writeFileSync(
      file,
      yaml('debug')
        .replace('hunter2', 'hunter3, OTHER: hunter4')
        .replace(/---\n.*kind: Pers[\s\S]*/, ''),
    );
    const { code, stdout } = await runCommand(['plan', file], clientOf(yaml('info')));
    expect(stdout.split('\n').slice(0, 2)).toEqual([
      'configmap/settings: "LOG_LEVEL" changed',
      'secret/token: "HF_TOKEN" changed, "OTHER" added',
    ]);
    expect(stdout).not.toMatch(/hunter|aHVud/);
    expect(code).toBe(2);
  });

  it('plan finds no change where there is none', async () => {
    writeFileSync(file, yaml('info'));
    expect(await runCommand(['plan', file], clientOf(yaml('info')))).toMatchObject({
      code: 0,
      stdout: 'no changes\n',
    });
  });

  it('validate counts them, and takes a file of nothing else', async () => {
    writeFileSync(file, yaml('info'));
    const { code, stdout } = await runCommand(['validate', file], fakeClient());
    expect(stdout).toContain('Secret token\n');
    expect(stdout).toContain('valid: 0 ModelServings, 3 other objects, 0 errors, 0 warnings');
    expect(code).toBe(0);
    const twice = await runCommand(['validate', file, file], fakeClient());
    expect(twice.stderr).toContain('ConfigMap default/settings stands in');
    expect(twice.code).toBe(65);
  });

  it('down of a file says which of them went', async () => {
    const { stdout } = await runCommand(['down', file], clientOf(yaml('info')));
    expect(stdout).toContain('secret/token removed\n');
  });
});
