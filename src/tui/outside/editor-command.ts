import { basename } from 'node:path';
import { locatedDocuments } from '../../lib/yaml/located-documents.js';

interface Role {
  readonly name?: unknown;
  readonly entryTemplate?: Template;
  readonly workerTemplate?: Template;
}
type Template = { readonly spec?: Readonly<Record<string, unknown>> } | null;

/** The line of a ModelServing in its file, or of one of its roles, or of a container of that role; 1 when it is not found. Pure. */
export function lineOfServing(
  text: string,
  wanted: { namespace: string; name: string; role?: string | undefined; container?: string | undefined },
): number {
  const { namespace, name, role, container } = wanted;
  for (const { value, locate } of locatedDocuments(text)) {
    const serving = value as
      | {
          kind?: unknown;
          metadata?: { name?: unknown; namespace?: unknown };
          spec?: { template?: { roles?: (Role | null)[] } };
        }
      | null
      | undefined;
    if (serving?.kind !== 'ModelServing' || serving.metadata?.name !== name) continue;
    if ((serving.metadata.namespace ?? namespace) !== namespace) continue;
    const roles = serving.spec?.template?.roles;
    const at =
      role === undefined || !Array.isArray(roles) ? -1 : roles.findIndex((each) => each?.name === role);
    if (at < 0) return locate(['spec'], 'key').line;
    const inRole = container === undefined ? undefined : containerPath(roles?.[at], container);
    return locate(['spec', 'template', 'roles', at, ...(inRole ?? []), 'name'], 'key').line;
  }
  return 1;
}

/** Of the entry's container where entry and worker have one of that name. */
function containerPath(role: Role | null | undefined, name: string): (string | number)[] | undefined {
  for (const template of ['entryTemplate', 'workerTemplate'] as const)
    for (const kind of ['containers', 'initContainers']) {
      const list = role?.[template]?.spec?.[kind];
      const at = Array.isArray(list)
        ? list.findIndex((each) => (each as { name?: unknown })?.name === name)
        : -1;
      if (at >= 0) return [template, 'spec', kind, at];
    }
  return undefined;
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
