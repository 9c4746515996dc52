import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const source = fileURLToPath(new URL('../../../src', import.meta.url));

/** What each folder may import, itself aside. docs/architecture.md explains the arrows. */
const arrows: Record<string, readonly string[]> = {
  lib: [],
  api: ['lib'],
  core: ['api', 'lib'],
  store: ['api', 'lib'],
  manifests: ['store', 'api', 'lib'],
  controller: ['store', 'core', 'api', 'lib'],
  scheduler: ['store', 'core', 'api', 'lib'],
  kubelet: ['store', 'api', 'lib'],
  apiserver: ['store', 'api', 'lib'],
  standin: ['lib'],
  daemon: [
    'apiserver',
    'controller',
    'scheduler',
    'kubelet',
    'manifests',
    'standin',
    'store',
    'core',
    'api',
    'lib',
  ],
  mirror: ['controller', 'store', 'core', 'api', 'lib'],
  client: ['api', 'lib'],
  cli: ['client', 'core', 'api', 'lib'],
  tui: ['client', 'core', 'api', 'lib'],
  conformance: ['core', 'api', 'lib'],
};
/** Folders that may be loaded lazily where a plain import is refused, so that a short command starts fast. */
const dynamicArrows: Record<string, readonly string[]> = { cli: ['daemon', 'mirror', 'tui'] };

/** A package and the only folders that may import it. */
const fences: Record<string, readonly string[]> = {
  dockerode: ['kubelet/docker'],
  blessed: ['tui/widgets'],
  yaml: ['lib/yaml', 'api', 'manifests'],
  chokidar: ['manifests'],
};

interface Import {
  file: string;
  target: string;
  dynamic: boolean;
  typeOnly: boolean;
}

const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((f) => f.endsWith('.ts'));
const imports: Import[] = files.flatMap((file) => {
  const text = readFileSync(join(source, file), 'utf8');
  const fixed = [...text.matchAll(/^(?:import|export)\s+(type\s)?[^;']*'([^']+)';/gm)]
    .filter(([statement]) => /^import\s*'|\sfrom\s*'[^']*';$/.test(statement))
    .map((m) => ({ file, target: m[2] ?? '', dynamic: false, typeOnly: m[1] !== undefined }));
  const lazy = [...text.matchAll(/\bimport\(\s*'([^']+)'/g)].map((m) => ({
    file,
    target: m[1] ?? '',
    dynamic: true,
    typeOnly: false,
  }));
  return [...fixed, ...lazy];
});
const folderOf = (file: string): string => file.split('/')[0] ?? '';
const targetFolder = ({ file, target }: Import): string =>
  folderOf(relative(source, normalize(join(source, dirname(file), target))));

describe('import arrows', () => {
  it('every folder has its row', () => {
    const folders = new Set(files.map(folderOf));
    expect([...folders].filter((folder) => !(folder in arrows))).toEqual([]);
  });

  it.each(Object.keys(arrows))('%s imports only what it may', (folder) => {
    const wrong = imports
      .filter((i) => folderOf(i.file) === folder && i.target.startsWith('.'))
      .filter((i) => {
        const target = targetFolder(i);
        const allowed =
          i.dynamic || i.typeOnly
            ? [...(arrows[folder] ?? []), ...(dynamicArrows[folder] ?? [])]
            : arrows[folder];
        return target !== folder && !allowed?.includes(target);
      })
      .map((i) => `${i.file} → ${i.target}`);
    expect(wrong).toEqual([]);
  });

  it.each(Object.entries(fences))('%s is imported only in %j', (name, allowed) => {
    const wrong = imports
      .filter((i) => i.target === name || i.target.startsWith(`${name}/`))
      .filter((i) => !allowed.some((folder) => i.file.startsWith(`${folder}/`)))
      .map((i) => i.file);
    expect(wrong).toEqual([]);
  });

  it('finds imports at all', () => {
    expect(imports.length).toBeGreaterThan(100);
  });
});
