import type { Container, PodTemplateSpec } from 'kubernetes-types/core/v1.js';
import { standInImage } from '../lib/stand-in-image.js';
import { annotation } from './labels.js';
import type { RoleSpec } from './types/model-serving.js';

/** What a container is, by the name of its image and what it is told to do. */
type Part = 'engine' | 'downloader' | 'sidecar';

/** Engines and their builds for other hardware, whoever publishes them. */
const engineImage = /(^|[/_:-])(vllm|sglang)([/_:.@-]|$)|(^|\/)llm-d(-[\w-]+)?([:@]|$)/i;
const downloaderImage =
  /(^|[/_-])(downloader|huggingface|modelscope|aws-cli|s5cmd|rclone|google-cloud-cli)([/_:.@-]|$)/i;
const downloads =
  /(snapshot_download|(huggingface-cli|hf|modelscope)\s+download|aws\s+s3\s+(cp|sync)|gsutil|rclone|git\s+(clone|lfs))/;
const sidecarImage = /(^|\/)(volcano-sh|kthena[\w-]*|aibrix)\/([\w-]*-)?runtime([:@]|$)/i;

function partOf(container: Container, isInit: boolean): Part | undefined {
  const image = container.image ?? '';
  if (image.startsWith('minithena/')) return undefined;
  const words = [...(container.command ?? []), ...(container.args ?? [])].join(' ');
  if (isInit && (downloaderImage.test(image) || downloads.test(words))) return 'downloader';
  if (engineImage.test(image)) return 'engine';
  return sidecarImage.test(image) ? 'sidecar' : undefined;
}

/** Whether the stand-in would run in this container's place. Pure. */
export const canStandIn = (container: Container, isInit: boolean): boolean =>
  partOf(container, isInit) !== undefined;

/** An engine keeps its command line, which the stand-in understands; the other two are given a program of the stand-in's. */
function replaced(container: Container, part: Part): Container {
  const { resources: _needsNone, imagePullPolicy: _itIsHere, command = [], args = [], ...rest } = container;
  const line =
    part === 'engine'
      ? { ...(command.length > 0 && { command }), ...(args.length > 0 && { args }) }
      : part === 'downloader'
        ? { command: ['/usr/local/bin/node', '/standin/download.js'], args: [...command, ...args] }
        : { command: ['/usr/local/bin/node', '/standin/server.js'], args };
  return { ...rest, ...line, image: standInImage, imagePullPolicy: 'IfNotPresent' };
}

export interface Replacement {
  role: string;
  container: string;
  image: string;
}

/**
 * The roles with the stand-in in the place of vLLM and SGLang, of what loads their models, and of kthena's runtime beside them. Names, ports,
 * command lines, variables, probes and volumes stay; requests and limits go, GPUs among them. Each pod says in an annotation what it
 * would have run. Pure: what is given is not changed.
 */
export function overlayStandIn(roles: readonly RoleSpec[]): {
  roles: RoleSpec[];
  replacements: Replacement[];
} {
  const replacements: Replacement[] = [];
  const template = (role: string, given: PodTemplateSpec): PodTemplateSpec => {
    const names: string[] = [];
    const each = (isInit: boolean) => (container: Container) => {
      const part = partOf(container, isInit);
      if (!part) return container;
      const image = container.image ?? '';
      names.push(`${container.name}=${image}`);
      replacements.push({ role, container: container.name, image });
      return replaced(container, part);
    };
    const { spec } = given;
    if (!spec) return given;
    const initContainers = spec.initContainers?.map(each(true));
    const containers = spec.containers.map(each(false));
    if (names.length === 0) return given;
    return {
      ...given,
      metadata: {
        ...given.metadata,
        annotations: { ...given.metadata?.annotations, [annotation.standIn]: names.join(',') },
      },
      spec: { ...spec, ...(initContainers && { initContainers }), containers },
    };
  };
  return {
    roles: roles.map((role) => ({
      ...role,
      entryTemplate: template(role.name, role.entryTemplate),
      ...(role.workerTemplate && { workerTemplate: template(role.name, role.workerTemplate) }),
    })),
    replacements,
  };
}
