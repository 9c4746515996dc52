import { stringify } from 'yaml';

/** A value as YAML text, as kubectl prints it: block style, nothing folded, no anchors; what is undefined is left out. */
export const toYaml = (value: unknown): string =>
  stringify(value, { aliasDuplicateObjects: false, lineWidth: 0, indentSeq: false, version: '1.1' });
