import type { Container, EnvVar } from 'kubernetes-types/core/v1.js';
import type { Pod } from '../../api/types/resources.js';
import { ConfigError } from './config-error.js';
import { expandVariables } from './expand-variables.js';
import { fieldValue, resourceValue } from './field-value.js';
import type { PodSurroundings } from './pod-surroundings.js';
import { contentOf, noObjects } from './referred-objects.js';

/** What Kubernetes takes as the name of a variable from a whole ConfigMap or Secret; other keys are left out. */
const variableName = /^[-._a-zA-Z][-._a-zA-Z0-9]*$/;

/**
 * The environment of one container in the order written; a later variable of the same name wins, and a value may refer only to those
 * before it. What is taken whole (envFrom) comes first. Throws ConfigError, in Kubernetes' words, for what is not there and not optional.
 * Pure.
 */
export function containerEnv(
  pod: Pod,
  container: Container,
  around: PodSurroundings,
): { name: string; value: string }[] {
  const values = new Map<string, string>();
  for (const { name, text } of takenWhole(container, around))
    if (variableName.test(name)) values.set(name, text);
  for (const variable of container.env ?? []) {
    const value = envValue(pod, container, variable, values, around);
    if (value !== undefined) values.set(variable.name, value);
  }
  return [...values].map(([name, value]) => ({ name, value }));
}

/** Keys of ConfigMaps and Secrets that can be no variables. Pure. */
export const leftOutKeys = (container: Container, around: PodSurroundings): string[] =>
  takenWhole(container, around).flatMap(({ name }) => (variableName.test(name) ? [] : [name]));

function takenWhole(container: Container, around: PodSurroundings): { name: string; text: string }[] {
  const objects = around.objects ?? noObjects;
  return (container.envFrom ?? []).flatMap(({ prefix = '', configMapRef, secretRef }) => {
    const kind = configMapRef ? 'configmap' : 'secret';
    const from = configMapRef ?? secretRef;
    if (!from) return [];
    const content = contentOf(objects, kind, from.name ?? '');
    if (!content && !from.optional) throw new ConfigError(`${kind} "${from.name ?? ''}" not found`);
    const binary = configMapRef ? objects.configMap(from.name ?? '')?.binaryData : undefined;
    return [...(content ?? [])].flatMap(([key, bytes]) =>
      binary && key in binary ? [] : [{ name: `${prefix}${key}`, text: bytes.toString('utf8') }],
    );
  });
}

function envValue(
  pod: Pod,
  container: Container,
  variable: EnvVar,
  before: ReadonlyMap<string, string>,
  around: PodSurroundings,
): string | undefined {
  const from = variable.valueFrom;
  if (!from) return expandVariables(variable.value ?? '', before);
  if (from.fieldRef) return fieldValue(pod, from.fieldRef, around);
  if (from.resourceFieldRef) return resourceValue(pod, container, from.resourceFieldRef, around);
  const { configMapKeyRef, secretKeyRef } = from;
  const wanted = configMapKeyRef ?? secretKeyRef;
  if (!wanted) return '';
  const kind = configMapKeyRef ? 'configmap' : 'secret';
  const { name = '', key, optional } = wanted;
  const content = contentOf(around.objects ?? noObjects, kind, name);
  // Bytes are for files alone.
  const isBytes = configMapKeyRef && around.objects?.configMap(name)?.binaryData?.[key] !== undefined;
  const value = isBytes ? undefined : content?.get(key);
  if (value) return value.toString('utf8');
  if (optional) return undefined;
  if (!content) throw new ConfigError(`${kind} "${name}" not found`);
  const shown = configMapKeyRef ? 'ConfigMap' : 'Secret';
  throw new ConfigError(`couldn't find key ${key} in ${shown} ${pod.metadata.namespace}/${name}`);
}
