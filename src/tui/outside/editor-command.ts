import { basename } from 'node:path';
import { locatedDocuments } from '../../lib/yaml/located-documents.js';

/** The line of a ModelServing in its file, or of one of its roles; 1 when it is not found. Pure. */
export function lineOfServing(
  text: string,
  { namespace, name, role }: { namespace: string; name: string; role: string | undefined },
): number {
  for (const { value, locate } of locatedDocuments(text)) {
    const serving = value as
      | {
          kind?: unknown;
          metadata?: { name?: unknown; namespace?: unknown };
          spec?: { template?: { roles?: { name?: unknown }[] } };
        }
      | null
      | undefined;
    if (serving?.kind !== 'ModelServing' || serving.metadata?.name !== name) continue;
    if ((serving.metadata.namespace ?? namespace) !== namespace) continue;
    const roles = serving.spec?.template?.roles;
    const at =
      role === undefined || !Array.isArray(roles) ? -1 : roles.findIndex((each) => each?.name === role);
    return locate(at < 0 ? ['spec'] : ['spec', 'template', 'roles', at, 'name'], 'key').line;
  }
  return 1;
}

/** The words that open a file at a line: most editors know `+LINE`, some have their own way. `editor` may have options. Pure. */
export function editorCommand(editor: string, file: string, line: number): string[] {
  const words = editor.trim().split(/\s+/);
  const name = basename(words[0] ?? '').replace(/\.(exe|cmd)$/, '');
  if (/^(code|code-insiders|codium|cursor|windsurf)$/.test(name))
    return [
      ...words,
      ...(words.includes('--wait') || words.includes('-w') ? [] : ['--wait']),
      '--goto',
      `${file}:${line}`,
    ];
  if (/^(hx|helix|subl|zed)$/.test(name)) return [...words, `${file}:${line}`];
  return [...words, `+${line}`, file];
}
