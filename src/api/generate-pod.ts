/**
 * A role instance's pod from its role's template, in kthena's shape. Pure: the same arguments give the same Pod, without uid and times,
 * which the store adds. Nothing of the template is shared with the result.
 */
import type { Container, EnvVar } from 'kubernetes-types/core/v1.js';
import { AppError } from '../lib/app-error.js';
import { entryPodName, type InstanceIdentity, instanceLabels, ownerReferences } from './instance-meta.js';
import { annotation, label } from './labels.js';
import { groupName, podName, roleId } from './names.js';
import type { Pod } from './types/resources.js';

/** Ours come last and once: a user's variable of the same name is dropped, wherever it stood. */
function withEnv(container: Container, ours: readonly EnvVar[]): Container {
  const names = new Set(ours.map((variable) => variable.name));
  const theirs = (container.env ?? []).filter((variable) => !names.has(variable.name));
  return { ...container, env: [...theirs, ...ours.map((variable) => ({ ...variable }))] };
}

/** podIndex 0 is the entry pod, from entryTemplate; 1…workerReplicas are workers, from workerTemplate. */
export function generatePod(of: InstanceIdentity & { readonly podIndex: number }): Pod {
  const template = of.podIndex === 0 ? of.role.entryTemplate : of.role.workerTemplate;
  if (!template) {
    throw new AppError(
      'Internal',
      `role ${of.role.name} has no workerTemplate, and a pod with index ${of.podIndex} was asked for`,
    );
  }
  const { metadata, spec } = structuredClone(template);
  const env: EnvVar[] = [
    { name: 'GROUP_SIZE', value: String(of.role.workerReplicas + 1) },
    { name: 'ENTRY_ADDRESS', value: `${entryPodName(of)}.${of.modelServing.namespace}` },
    { name: 'WORKER_INDEX', value: String(of.podIndex) },
  ];
  const labels: Record<string, string> = {
    ...metadata?.labels,
    ...instanceLabels(of),
    [label.revision]: of.revision,
    [label.roleTemplateHash]: of.roleTemplateHash,
  };
  // Only entry pods carry it, so a template that brings it would make its workers look like entries.
  delete labels[label.entry];
  if (of.podIndex === 0) labels[label.entry] = 'true';
  // Copied from a Pod that ran: its devices are nobody's by that.
  const { [annotation.gpus]: _gpus, ...annotations } = metadata?.annotations ?? {};
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: podName(
        groupName(of.modelServing.name, of.group),
        roleId(of.role.name, of.roleOrdinal),
        of.podIndex,
      ),
      namespace: of.modelServing.namespace,
      labels,
      ...(metadata?.annotations ? { annotations } : {}),
      ownerReferences: ownerReferences(of),
    },
    spec: {
      ...spec,
      containers: (spec?.containers ?? []).map((container) => withEnv(container, env)),
      ...(spec?.initContainers
        ? { initContainers: spec.initContainers.map((container) => withEnv(container, env)) }
        : {}),
    },
  };
}
