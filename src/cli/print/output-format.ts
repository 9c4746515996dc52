import type { AnyResource, ResourceName } from '../../api/types/resources.js';
import { withoutSecrets } from '../../api/without-secrets.js';
import { JsonPathError, jsonPath } from '../../lib/json-path.js';
import { usageError } from '../usage-error.js';
import { qualifiedName } from './table-rows.js';

export type OutputFormat =
  | { readonly type: 'table'; readonly wide: boolean }
  | { readonly type: 'json' | 'yaml' | 'name' }
  | { readonly type: 'jsonpath'; readonly template: string };

/** Reads `-o`. Throws Usage. */
export function parseOutputFormat(text: string | undefined): OutputFormat {
  if (text === undefined || text === 'table') return { type: 'table', wide: false };
  if (text === 'wide') return { type: 'table', wide: true };
  if (text === 'json' || text === 'yaml' || text === 'name') return { type: text };
  const template = /^jsonpath=([\s\S]*)$/.exec(text)?.[1];
  if (template === undefined) {
    throw usageError(
      `-o ${text} is not a known format`,
      'formats: table, wide, json, yaml, name, jsonpath=…',
    );
  }
  return { type: 'jsonpath', template };
}

export interface Found {
  readonly resource: ResourceName;
  readonly object: AnyResource;
}

/** The objects as `-o` asks, tables aside, Secrets without their values. One object that was asked for by name stands alone, several make a List. */
export async function formatObjects(
  format: Exclude<OutputFormat, { type: 'table' }>,
  found: readonly Found[],
  single: boolean,
): Promise<string> {
  if (format.type === 'name')
    return found.map((each) => `${qualifiedName(each.resource, each.object)}\n`).join('');
  const objects = found.map((each) => withoutSecrets(each.object));
  const value =
    single && objects.length > 0
      ? objects[0]
      : {
          apiVersion: 'v1',
          kind: 'List',
          items: objects,
          metadata: { resourceVersion: '' },
        };
  return formatValue(format, value);
}

/** Any value as JSON, YAML or what a JSONPath template makes of it; ends with a newline, except after a template that says how it ends. */
export async function formatValue(
  format: Exclude<OutputFormat, { type: 'table' | 'name' }> | { type: 'name' },
  value: unknown,
): Promise<string> {
  if (format.type === 'yaml') {
    const { toYaml } = await import('../../lib/yaml/to-yaml.js');
    return toYaml(value);
  }
  if (format.type !== 'jsonpath') return `${JSON.stringify(value, null, 4)}\n`;
  try {
    const text = jsonPath(format.template, value);
    return text === '' || text.endsWith('\n') ? text : `${text}\n`;
  } catch (error) {
    if (error instanceof JsonPathError) throw usageError(`-o jsonpath: ${error.message}`);
    throw error;
  }
}
