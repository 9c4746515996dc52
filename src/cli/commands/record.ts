import { closeSync, openSync, writeSync } from 'node:fs';
import type { ModelServing } from '../../api/types/model-serving.js';
import type { AnyResource, KubeEvent, ResourceName, ScalingOperation } from '../../api/types/resources.js';
import { AppError, isAppError, messageOf } from '../../lib/app-error.js';
import { clockText } from '../../lib/clock-text.js';
import { programVersion } from '../../lib/program-version.js';
import type { Change, CliClient } from '../cli-client.js';
import type { CliContext } from '../cli-context.js';
import { belongs } from '../follow/follow-servings.js';
import { isAvailable } from '../print/serving-summary.js';
import { hiddenValues } from '../recording/hidden-values.js';
import { recorder } from '../recording/recorder.js';
import {
  leftOut,
  type RecordedResource,
  type RecordingHeader,
  recordedResources,
  recordingFormat,
  recordingVersion,
} from '../recording/recording-format.js';
import { syncFiles } from '../sync-files.js';
import { usageError } from '../usage-error.js';

interface RecordOptions {
  readonly for?: number;
  readonly untilComplete?: boolean;
  readonly overwrite?: boolean;
}

/** The streams of several kinds do not come in step: complete is what is still complete after this. */
const settleMs = 300;
const tickMs = 100;

/** `record`: what happens from now on as JSON lines, each of them in the file before the next one is made. */
export async function record(
  context: CliContext,
  file: string,
  names: string[],
  options: RecordOptions,
): Promise<number> {
  if (options.for === 0) throw usageError('--for is longer than nothing', 'write for example 2m');
  const client = await context.client();
  await syncFiles(client);
  const missing = await namesWithout(client, context.namespace, names);
  const engine = await engineOf(client);
  const sink = openSink(context, file, options.overwrite === true);
  const startedMs = context.now();
  const hidden = hiddenValues();
  let count = 0;
  const writer = recorder({
    hidden,
    atMs: () => context.now() - startedMs,
    keeps: keeper(context, names),
    write(line) {
      count += 1;
      sink.write(`${line}\n`);
    },
  });
  const header: RecordingHeader = {
    format: recordingFormat,
    version: recordingVersion,
    startedAt: new Date(startedMs).toISOString(),
    minithena: programVersion(),
    cluster: context.options.cluster,
    engine,
    leftOut,
  };
  const done = new AbortController();
  const signal = AbortSignal.any([context.signal, done.signal]);
  try {
    sink.write(`${JSON.stringify(header)}\n`);
    context.output.progress(
      `recording into ${file === '-' ? 'standard output' : file}; left out: ${leftOut}`,
    );
    if (missing.length > 0)
      context.output.progress(
        `no ModelServing ${missing.join(', ')} in namespace ${context.namespace}: recorded from when there is one`,
      );
    const late = await follow(context, client, { names, options, signal, writer, hidden });
    context.output.progress(
      `recorded ${count} changes in ${clockText(context.now() - startedMs)}${file === '-' ? '' : `; minithena replay ${file} shows them`}`,
    );
    if (late) {
      throw new AppError('TimedOut', 'not all operations are complete; what happened is recorded', {
        hint: 'minithena describe modelserving NAME says what is waited for',
      });
    }
    return 0;
  } finally {
    done.abort();
    sink.close();
  }
}

async function namesWithout(client: CliClient, namespace: string, names: readonly string[]) {
  if (names.length === 0) return [];
  const there = new Set(
    (await client.list('modelservings', { namespace })).map((each) => each.metadata.name),
  );
  return names.filter((name) => !there.has(name));
}

/** Resolves when the recording has its end: with true when time was up before all was complete. */
function follow(
  context: CliContext,
  client: CliClient,
  more: {
    names: readonly string[];
    options: RecordOptions;
    signal: AbortSignal;
    writer: ReturnType<typeof recorder>;
    hidden: ReturnType<typeof hiddenValues>;
  },
): Promise<boolean> {
  const { names, options, signal, writer, hidden } = more;
  const keeps = keeper(context, names);
  const servings = new Map<string, ModelServing>();
  const running = new Set<string>();
  const synced = new Set<ResourceName>();
  const startedMs = context.now();
  let completeSinceMs: number | undefined;
  let waiting: { resource: RecordedResource; change: Change }[] | undefined = [];
  const note = (resource: RecordedResource, change: Change) => {
    if (!('object' in change) || !keeps(resource, change.object)) return;
    const { name, namespace } = change.object.metadata;
    const key = `${namespace}/${name}`;
    if (resource === 'modelservings') {
      if (change.type === 'DELETED') servings.delete(key);
      else servings.set(key, change.object as ModelServing);
    }
    if (resource === 'scalingoperations') {
      const isRunning = (change.object as ScalingOperation).status.phase === 'Running';
      if (isRunning && change.type !== 'DELETED') running.add(key);
      else running.delete(key);
    }
  };
  const isComplete = () =>
    waiting === undefined &&
    synced.size === recordedResources.length &&
    servings.size >= Math.max(1, names.length) &&
    running.size === 0 &&
    [...servings.values()].every(isAvailable);
  return new Promise((resolve, reject) => {
    const finish = (late: boolean) => {
      clearInterval(timer);
      resolve(late);
    };
    const take = (resource: RecordedResource, change: Change) => {
      if (signal.aborted) return;
      try {
        if (change.type === 'SYNCED') synced.add(resource);
        if (change.type === 'DISCONNECTED') {
          if (synced.delete(resource) && resource === 'modelservings')
            context.output.progress('lost contact with the daemon; trying again');
          if (resource === 'modelservings') servings.clear();
          if (resource === 'scalingoperations') running.clear();
        }
        note(resource, change);
        if (!waiting) return writer.take(resource, change);
        if ('object' in change) hidden.learn(change.object);
        waiting.push({ resource, change });
        if (synced.size < recordedResources.length) return;
        const first = waiting;
        waiting = undefined;
        for (const kind of recordedResources)
          for (const each of first.filter((one) => one.resource === kind)) writer.take(kind, each.change);
      } catch (error) {
        clearInterval(timer);
        reject(error as Error);
      }
    };
    const look = () => {
      const nowMs = context.now();
      if (!isComplete()) completeSinceMs = undefined;
      else completeSinceMs ??= nowMs;
      if (options.untilComplete && completeSinceMs !== undefined && nowMs - completeSinceMs >= settleMs)
        return finish(false);
      if (options.for !== undefined && nowMs - startedMs >= options.for)
        finish(options.untilComplete === true);
    };
    const timer = setInterval(look, tickMs);
    context.signal.addEventListener('abort', () => finish(false), { once: true });
    if (context.signal.aborted) return finish(false);
    // Not written: only so that their values are known and can be hidden. A cluster that refuses it has none of ours.
    const learn = (change: Change) => void ('object' in change && hidden.learn(change.object));
    void Promise.resolve(client.watch('secrets', {}, learn as never, signal)).catch(() => undefined);
    for (const resource of recordedResources)
      void client.watch(resource, {}, ((change: Change) => take(resource, change)) as never, signal);
  });
}

/** What belongs to the named ModelServings; without names all, with -n all of that namespace. */
function keeper({ namespace, options }: CliContext, names: readonly string[]) {
  const wanted = new Set(names.map((name) => `${namespace}/${name}`));
  return (resource: ResourceName, object: AnyResource): boolean => {
    if (resource === 'nodes') return true;
    if (wanted.size > 0) return belongs(resource, object, wanted);
    if (options.namespace === undefined) return true;
    const of =
      resource === 'events' ? (object as KubeEvent).involvedObject.namespace : object.metadata.namespace;
    return of === namespace;
  };
}

async function engineOf(client: CliClient): Promise<RecordingHeader['engine']> {
  try {
    const { kind, version } = (await client.control.info()).engine;
    return { kind, version };
  } catch (error) {
    if (isAppError(error, 'DaemonUnreachable')) throw error;
    // Another cluster than ours says nothing about its engine.
    return { kind: 'unknown', version: '' };
  }
}

/** Written at once, without a buffer of ours: a kill loses nothing. Throws AlreadyExists, FileMissing. */
function openSink({ output }: CliContext, file: string, overwrite: boolean) {
  if (file === '-') return { write: (text: string) => output.raw(text), close: () => {} };
  const failed = (error: unknown) =>
    (error as NodeJS.ErrnoException).code === 'EEXIST'
      ? new AppError('AlreadyExists', `${file} exists already`, {
          hint: 'another name, or --overwrite',
        })
      : new AppError('FileMissing', `${file} cannot be written: ${messageOf(error)}`, {
          hint: 'a folder that exists and has room',
        });
  let handle: number;
  try {
    handle = openSync(file, overwrite ? 'w' : 'wx', 0o600);
  } catch (error) {
    throw failed(error);
  }
  return {
    write(text: string) {
      const bytes = Buffer.from(text);
      try {
        for (let at = 0; at < bytes.length; ) at += writeSync(handle, bytes, at);
      } catch (error) {
        throw failed(error);
      }
    },
    close: () => closeSync(handle),
  };
}
