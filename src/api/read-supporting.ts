import { isDeepStrictEqual } from 'node:util';
import { checkShape } from './check-shape.js';
import type { Problem } from './problem.js';
import { supportingShapes } from './schema/supporting-shapes.js';
import type { ConfigMap, PersistentVolumeClaim, Secret } from './types/resources.js';

/** An object that pods refer to, by the kind it is stored as. */
export type SupportingObject =
  | { resource: 'configmaps'; object: ConfigMap }
  | { resource: 'secrets'; object: Secret }
  | { resource: 'persistentvolumeclaims'; object: PersistentVolumeClaim };
export type SupportingKind = keyof typeof supportingShapes;

export const supportingResources = ['configmaps', 'secrets', 'persistentvolumeclaims'] as const;

export const isSupportingKind = (kind: string): kind is SupportingKind => kind in supportingShapes;

const mostBytes = 2 ** 20;
/** What a Secret of a type must have, by the words of Kubernetes; one key of each list. */
const keysOfType: Readonly<Record<string, readonly (readonly string[])[]>> = {
  'kubernetes.io/dockerconfigjson': [['.dockerconfigjson']],
  'kubernetes.io/dockercfg': [['.dockercfg']],
  'kubernetes.io/tls': [['tls.crt'], ['tls.key']],
  'kubernetes.io/basic-auth': [['username', 'password']],
  'kubernetes.io/ssh-auth': [['ssh-privatekey']],
};
const dnsSubdomain = /^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/;

/** A document of such a kind as an object, `stringData` taken into `data`. undefined when there is an error among the problems. Pure. */
export function readSupporting(
  kind: SupportingKind,
  value: unknown,
  problems: Problem[],
): SupportingObject | undefined {
  const checked = checkShape(value, supportingShapes[kind], [], problems) as Loose | undefined;
  const error: Report = (message, path, hint) =>
    problems.push({ severity: 'error', code: 'InvalidValue', message, path, hint });
  if (checked) {
    const name: unknown = checked.metadata?.name;
    if (typeof checked.apiVersion === 'string' && checked.apiVersion !== 'v1')
      error(`the apiVersion of a ${kind} is v1`, ['apiVersion'], 'write apiVersion: v1');
    if (typeof name === 'string' && !dnsSubdomain.test(name))
      error(
        `"${name}" is no name of an object`,
        ['metadata', 'name'],
        'use lower-case letters, digits, hyphens and dots',
      );
    if (kind === 'PersistentVolumeClaim') checkClaim(checked, error);
    else checkData(kind, checked, error);
    if (kind === 'Secret') checkType(checked, error);
  }
  if (hasErrors(problems) || !checked?.metadata) return undefined;
  const { name, namespace = 'default', labels, annotations } = checked.metadata;
  const metadata = { name, namespace, ...(labels && { labels }), ...(annotations && { annotations }) };
  const { data, binaryData, immutable } = checked;
  switch (kind) {
    case 'ConfigMap':
      return {
        resource: 'configmaps',
        object: {
          apiVersion: 'v1',
          kind,
          metadata,
          ...(data && { data }),
          ...(binaryData && { binaryData }),
          ...(immutable && { immutable }),
        },
      };
    case 'Secret': {
      const written = Object.entries(checked.stringData ?? {}).map(([key, text]) => [
        key,
        Buffer.from(text).toString('base64'),
      ]);
      // One line: kubectl's users break long values.
      const given = Object.entries(data ?? {}).map(([key, text]) => [key, text.replace(/\s/g, '')]);
      return {
        resource: 'secrets',
        object: {
          apiVersion: 'v1',
          kind,
          metadata,
          type: checked.type ?? 'Opaque',
          data: Object.fromEntries([...given, ...written]) as Record<string, string>,
          ...(immutable && { immutable }),
        },
      };
    }
    case 'PersistentVolumeClaim': {
      const spec = checked.spec ?? {};
      const requests = spec.resources?.requests as Record<string, string> | undefined;
      return {
        resource: 'persistentvolumeclaims',
        object: {
          apiVersion: 'v1',
          kind,
          metadata,
          spec: { accessModes: ['ReadWriteOnce'], volumeMode: 'Filesystem', ...spec },
          // A volume of the engine is there as soon as it is asked for.
          status: {
            phase: 'Bound',
            accessModes: spec.accessModes ?? ['ReadWriteOnce'],
            ...(requests && { capacity: requests }),
          },
        },
      };
    }
  }
}

/** The field of an object that is `immutable`, and differs; undefined where it may change so. Pure. */
export function changedThoughImmutable(
  before: SupportingObject['object'],
  after: SupportingObject['object'],
) {
  if (!('immutable' in before) || before.immutable !== true) return undefined;
  const facts = (of: SupportingObject['object']) => ({
    immutable: 'immutable' in of && of.immutable === true,
    data: 'data' in of ? of.data : undefined,
    binaryData: 'binaryData' in of ? of.binaryData : undefined,
  });
  const [old, now] = [facts(before), facts(after)];
  return (['immutable', 'data', 'binaryData'] as const).find(
    (field) => !isDeepStrictEqual(old[field] ?? {}, now[field] ?? {}),
  );
}

type Report = (message: string, path: (string | number)[], hint: string) => void;
interface Loose {
  apiVersion: string;
  metadata?: {
    name: string;
    namespace?: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
  };
  type?: string;
  data?: Record<string, string>;
  binaryData?: Record<string, string>;
  stringData?: Record<string, string>;
  immutable?: boolean;
  spec?: PersistentVolumeClaim['spec'];
}

/** No message repeats a value: it may be secret. */
function checkData(kind: SupportingKind, of: Loose, error: Report): void {
  const parts = (['data', 'binaryData', 'stringData'] as const).flatMap((part) =>
    // What is no text has been told of.
    Object.entries(of[part] ?? {}).flatMap(([key, text]: [string, unknown]) =>
      typeof text === 'string' ? [{ part, key, text }] : [],
    ),
  );
  for (const { part, key, text } of parts) {
    if (!/^[-._a-zA-Z0-9]{1,253}$/.test(key) || key === '.' || key === '..')
      error(`"${key}" is no key`, [part, key], 'use letters, digits, "-", "_" and "."');
    const isEncoded = part === 'binaryData' || (part === 'data' && kind === 'Secret');
    if (
      isEncoded &&
      !/^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text.replace(/\s/g, ''))
    )
      error(
        `the value of "${key}" is not base64`,
        [part, key],
        kind === 'Secret' ? 'encode it, or write it under stringData' : 'encode it, or write it under data',
      );
    if (part === 'binaryData' && of.data && key in of.data)
      error(`"${key}" stands in data as well`, [part, key], 'remove one');
  }
  const bytes = parts.reduce((sum, { part, text }) => {
    const isEncoded = part === 'binaryData' || (part === 'data' && kind === 'Secret');
    return sum + (isEncoded ? Buffer.byteLength(text, 'base64') : Buffer.byteLength(text));
  }, 0);
  if (bytes > mostBytes)
    error(
      `its values have ${bytes} bytes, ${mostBytes} are allowed`,
      ['data'],
      'put large files into a volume',
    );
}

function checkClaim({ spec }: Loose, error: Report): void {
  if (!spec) return;
  if ((spec.accessModes ?? []).length === 0)
    error('a claim names its access modes', ['spec', 'accessModes'], 'write accessModes: [ReadWriteOnce]');
  if (spec.resources?.requests?.storage === undefined)
    error(
      'a claim says how much it asks for',
      ['spec', 'resources', 'requests', 'storage'],
      'write resources: {requests: {storage: 10Gi}}',
    );
}

function checkType({ type = 'Opaque', data = {}, stringData = {} }: Loose, error: Report): void {
  for (const keys of keysOfType[type] ?? [])
    if (!keys.some((key) => key in data || key in stringData))
      error(
        `a Secret of the type ${type} has the key ${keys.map((key) => `"${key}"`).join(' or ')}`,
        ['type'],
        'add it, or leave out the type',
      );
  const [key] = keysOfType[type]?.[0] ?? [];
  if (!key?.startsWith('.docker')) return;
  const given: unknown = data[key];
  const text: unknown =
    stringData[key] ?? (typeof given === 'string' ? Buffer.from(given, 'base64').toString() : '');
  if (typeof text === 'string' && text !== '' && !isJsonMap(text))
    error(
      `the value of "${key}" is not a JSON object`,
      [key in stringData ? 'stringData' : 'data', key],
      'put the content of a ~/.docker/config.json there',
    );
}

function isJsonMap(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

const hasErrors = (problems: readonly Problem[]): boolean =>
  problems.some((each) => each.severity === 'error');
