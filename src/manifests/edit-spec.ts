import { parseManifests } from '../api/parse-manifests.js';
import type { ModelServing } from '../api/types/model-serving.js';
import { AppError } from '../lib/app-error.js';
import type { Change } from '../lib/changes-between.js';
import { editDocument } from '../lib/yaml/edit-document.js';
import { spliceNumber } from '../lib/yaml/splice-value.js';

export interface SpecEdit {
  replicas?: number;
  roleReplicas?: Readonly<Record<string, number>>;
  /** Anything else, by its place in the document. */
  changes?: readonly Change[];
}

/**
 * The file's text with these edits of one ModelServing, every comment and blank line kept. Throws SpecInvalid when the file or the result
 * does not validate, NotFound for a role that is not there, NotEditable where the values cannot be written in place.
 */
export function editSpec(
  file: string,
  text: string,
  ref: { namespace: string; name: string },
  edit: SpecEdit,
): { text: string; object: ModelServing } {
  const before = find(file, text, ref);
  let edited = text;
  if (edit.replicas !== undefined && edit.replicas !== before.object.spec.replicas) {
    edited = spliceNumber(edited, before.document, ['spec', 'replicas'], edit.replicas);
  }
  for (const [name, replicas] of Object.entries(edit.roleReplicas ?? {})) {
    const { roles } = before.object.spec.template;
    const at = roles.findIndex((role) => role.name === name);
    if (at < 0) {
      const hint = `roles: ${roles.map((role) => role.name).join(', ')}`;
      throw new AppError('NotFound', `${ref.name} has no role "${name}"`, { hint });
    }
    if (roles[at]?.replicas === replicas) continue;
    edited = spliceNumber(edited, before.document, ['spec', 'template', 'roles', at, 'replicas'], replicas);
  }
  if (edit.changes?.length) edited = editDocument(edited, before.document, edit.changes);
  return { text: edited, object: find(file, edited, ref).object };
}

function find(file: string, text: string, { namespace, name }: { namespace: string; name: string }) {
  const { modelServings, diagnostics } = parseManifests(file, text);
  const error = diagnostics.find((each) => each.severity === 'error');
  if (error) {
    const where = `${error.file}:${error.line}:${error.column}`;
    throw new AppError('SpecInvalid', `${where}: ${error.message}`, {
      hint: error.hint ?? 'correct the file first',
      details: { diagnostics },
    });
  }
  const found = modelServings.find(
    ({ object }) => object.metadata.name === name && object.metadata.namespace === namespace,
  );
  if (!found) throw new AppError('NotFound', `${file} has no ModelServing ${namespace}/${name}`);
  return found;
}
