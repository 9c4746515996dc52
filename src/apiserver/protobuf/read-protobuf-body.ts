import { AppError, messageOf } from '../../lib/app-error.js';
import { readMessage } from './read-message.js';

const magic = Buffer.from('k8s\0');
const kinds: readonly string[] = [
  'ConfigMap',
  'DeleteOptions',
  'Event',
  'Eviction',
  'Namespace',
  'PersistentVolumeClaim',
  'Pod',
  'Secret',
  'SelfSubjectAccessReview',
  'SelfSubjectReview',
  'SelfSubjectRulesReview',
  'Service',
];

/**
 * A body in Kubernetes' protobuf as the JSON that it stands for: what `kubectl` from 1.33 on and Go's clients send of the kinds that Kubernetes
 * itself has. Throws Usage, UnsupportedMediaType for a kind that is not read so. Pure.
 */
export function readProtobufBody(bytes: Buffer): unknown {
  if (bytes.length === 0) return {};
  try {
    if (!bytes.subarray(0, 4).equals(magic)) throw new RangeError('it does not begin with k8s');
    const { typeMeta, raw } = readMessage(bytes.subarray(4), 'Unknown') as {
      typeMeta?: { apiVersion?: string; kind?: string };
      raw?: Buffer;
    };
    const { apiVersion = '', kind = '' } = typeMeta ?? {};
    if (!kinds.includes(kind)) throw unread(kind);
    return { apiVersion, kind, ...readMessage(raw ?? Buffer.alloc(0), kind) };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new AppError('Usage', `the request body is not Kubernetes' protobuf: ${messageOf(error)}`, {
      hint: 'send JSON',
    });
  }
}

const unread = (kind: string): AppError =>
  new AppError(
    'UnsupportedMediaType',
    'the body of the request was in an unknown format - accepted media types include: application/json, application/yaml, application/vnd.kubernetes.protobuf ' +
      `(in that ${kind === '' ? 'a body without a kind' : `the kind ${kind}`} is not read, only ${kinds.join(', ')})`,
  );
