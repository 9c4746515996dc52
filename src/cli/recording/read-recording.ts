import type { Diagnostic } from '../../api/diagnostic.js';
import { AppError, messageOf } from '../../lib/app-error.js';
import {
  type RecordedChange,
  type Recording,
  type RecordingHeader,
  recordingFormat,
  recordingVersion,
  resourceOfKind,
} from './recording-format.js';

const howTo = 'make one with: minithena record FILE';

/** The text of a file as a recording; half a last line is left out. Throws RecordingInvalid, with the place where a line is broken. */
export function readRecording(file: string, text: string): Recording {
  const lines = text.split('\n');
  const isWhole = lines.at(-1) === '';
  if (isWhole) lines.pop();
  if (lines.length === 0) throw invalid(`${file} is empty`, howTo);
  const header = headerOf(file, lines[0] ?? '');
  const startedMs = Date.parse(header.startedAt);
  const changes: RecordedChange[] = [];
  let cutShort = false;
  for (const [index, line] of lines.entries()) {
    if (index === 0 || line.trim() === '') continue;
    try {
      const change = changeOf(line);
      changes.push({ ...change, atMs: Math.max(change.atMs, changes.at(-1)?.atMs ?? 0) });
    } catch (error) {
      if (index === lines.length - 1 && !isWhole) {
        cutShort = true;
        break;
      }
      const message = messageOf(error);
      const at = Number(/at position (\d+)/.exec(message)?.[1] ?? 0);
      const diagnostic: Diagnostic = {
        severity: 'error',
        code: 'RecordingInvalid',
        message,
        hint: 'the file was changed after it was recorded: take the line out, or record anew',
        file,
        line: index + 1,
        column: at + 1,
        fieldPath: '',
        pointer: '',
      };
      throw new AppError('RecordingInvalid', `${file} has a broken line`, {
        details: { diagnostics: [diagnostic] },
      });
    }
  }
  if (!changes.some((each) => 'object' in each))
    throw invalid(`${file} holds no change: the recorder ended before it had seen anything`, howTo);
  return { file, header, startedMs, lengthMs: changes.at(-1)?.atMs ?? 0, changes, cutShort };
}

function headerOf(file: string, line: string): RecordingHeader {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    value = undefined;
  }
  const header = value as Partial<Record<keyof RecordingHeader, unknown>> | null | undefined;
  if (header?.format !== recordingFormat) throw invalid(`${file}:1:1: this is no recording`, howTo);
  if (typeof header.version !== 'number' || header.version > recordingVersion)
    throw invalid(
      `${file} is a recording of version ${String(header.version)}; this program reads version ${recordingVersion}`,
      `replay it with minithena ${String(header.minithena ?? '')} or newer`,
    );
  if (Number.isNaN(Date.parse(String(header.startedAt))))
    throw invalid(`${file}:1:1: startedAt is not a time`, howTo);
  return {
    cluster: '?',
    engine: { kind: 'unknown', version: '' },
    minithena: '?',
    leftOut: '',
    ...header,
  } as RecordingHeader;
}

/** Throws what is wrong in words. */
function changeOf(line: string): RecordedChange {
  const value = JSON.parse(line) as Record<string, unknown> | null;
  const { atMs, type, kind, object } = value ?? {};
  if (typeof atMs !== 'number' || !(atMs >= 0)) throw new Error('atMs is not a number of milliseconds');
  const resource = resourceOfKind.get(String(kind));
  if (!resource) throw new Error(`kind ${JSON.stringify(kind)} is none that a recording holds`);
  if (type === 'SYNCED') return { atMs, type, kind: String(kind) };
  if (type === 'DISCONNECTED')
    return { atMs, type, kind: String(kind), message: String(value?.message ?? '') };
  if (type !== 'ADDED' && type !== 'MODIFIED' && type !== 'DELETED')
    throw new Error(`type ${JSON.stringify(type)} is not ADDED, MODIFIED, DELETED, SYNCED or DISCONNECTED`);
  for (const path of ['metadata.name', ...needed[resource]])
    if (at(object, path) === undefined) throw new Error(`${String(kind)} without ${path}`);
  return { atMs, type, kind: String(kind), object: object as never };
}

/** What the board cannot do without. */
const needed = {
  nodes: [],
  modelservings: ['spec.replicas', 'spec.template.roles'],
  servinggroups: ['spec.modelServing', 'spec.ordinal', 'spec.counts', 'status.phase'],
  roles: ['spec.group', 'spec.roleId', 'status.phase'],
  pods: ['spec.containers'],
  scalingoperations: ['spec.generation', 'status.stages', 'status.holds', 'status.startedAt'],
  events: ['involvedObject.name', 'lastTimestamp', 'message'],
} as const;

const at = (value: unknown, path: string): unknown =>
  path
    .split('.')
    .reduce<unknown>((each, name) => (each as Record<string, unknown> | null | undefined)?.[name], value);

const invalid = (message: string, hint: string) => new AppError('RecordingInvalid', message, { hint });
