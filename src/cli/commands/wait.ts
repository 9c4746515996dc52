import type { AnyResource, ResourceName } from '../../api/types/resources.js';
import { AppError } from '../../lib/app-error.js';
import { humanDuration } from '../../lib/human-duration.js';
import type { Change, CliClient } from '../cli-client.js';
import type { CliContext } from '../cli-context.js';
import { parseTargets } from '../parse-targets.js';
import { invalidSpecAnnotation } from '../print/serving-summary.js';
import { kindOf } from '../resource-kinds.js';
import { specInvalid } from '../spec-invalid.js';
import { syncFiles } from '../sync-files.js';
import { usageError } from '../usage-error.js';
import { judge, parseWaitFor, type WaitFor } from '../wait-condition.js';

/** `wait TYPE/NAME --for=…`: exit code 0 when it is so, 124 when the time is over, 65 when the file of a ModelServing is invalid. */
export async function wait(
  context: CliContext,
  words: string[],
  options: { for: string; timeout: number },
): Promise<number> {
  const wanted = parseWaitFor(options.for);
  const targets = parseTargets(words).flatMap(({ kind, names }) =>
    names.map((name) => ({ resource: kind.resource, name })),
  );
  if (targets.length === 0)
    throw usageError('say what to wait for', 'e.g. `minithena wait ms/NAME --for=condition=Available`');
  const client = await context.client();
  await syncFiles(client);
  const limit = new AbortController();
  const timer = options.timeout > 0 ? setTimeout(() => limit.abort(), options.timeout) : undefined;
  try {
    const signal = AbortSignal.any([context.signal, limit.signal]);
    const outcomes = await Promise.all(
      targets.map((target) => waitForOne(context, client, target, wanted, signal)),
    );
    const late = outcomes.filter((each) => each !== undefined);
    if (late.length > 0 && !context.signal.aborted) {
      throw new AppError('TimedOut', `after ${humanDuration(options.timeout)}: ${late.join('; ')}`, {
        hint: '`minithena describe TYPE NAME` says what it waits for; a longer --timeout waits longer',
      });
    }
    return 0;
  } finally {
    clearTimeout(timer);
  }
}

/** Resolves with undefined when it is so, or with what was so when the signal came. */
async function waitForOne(
  context: CliContext,
  client: CliClient,
  target: { resource: ResourceName; name: string },
  wanted: WaitFor,
  limit: AbortSignal,
): Promise<string | undefined> {
  const subject = `${kindOf(target.resource).singular}/${target.name}`;
  const done = new AbortController();
  const signal = AbortSignal.any([limit, done.signal]);
  let current: AnyResource | undefined;
  let synced = false;
  let now = 'nothing is known of it yet';
  const alive = setInterval(() => {}, 60_000);
  try {
    return await new Promise<string | undefined>((resolve, reject) => {
      const look = () => {
        if (!synced) return;
        const invalid =
          wanted.type === 'delete' ? undefined : current?.metadata.annotations?.[invalidSpecAnnotation];
        if (invalid !== undefined) return reject(specInvalid(subject, invalid));
        const verdict = judge(wanted, target.resource, current);
        now = verdict.now;
        if (verdict.met) {
          context.output.data(`${subject} ${wanted.type === 'delete' ? 'deleted' : 'condition met'}`);
          resolve(undefined);
        }
      };
      const onChange = (change: Change) => {
        if (change.type === 'SYNCED') {
          synced = true;
          if (!current && wanted.type !== 'delete') void rejectWhenFilesAreInvalid(client, subject, reject);
        } else if (change.type === 'DISCONNECTED') {
          // What is known may be old: the next list tells it anew.
          synced = false;
          current = undefined;
          now = change.message;
        } else if (change.object.metadata.name === target.name) {
          current = change.type === 'DELETED' ? undefined : change.object;
        }
        look();
      };
      limit.addEventListener('abort', () => resolve(`${subject}: ${now}`), { once: true });
      void client.watch(
        target.resource,
        { namespace: context.namespace, fieldSelector: `metadata.name=${target.name}` },
        onChange,
        signal,
      );
    });
  } finally {
    clearInterval(alive);
    done.abort();
  }
}

/** What does not exist may be waiting for its own file to be put right. */
async function rejectWhenFilesAreInvalid(
  client: CliClient,
  subject: string,
  reject: (error: unknown) => void,
): Promise<void> {
  const info = await client.control.info().catch(() => undefined);
  const errors = info?.diagnostics.filter((each) => each.severity === 'error') ?? [];
  if (errors.length === 0) return;
  reject(
    new AppError('SpecInvalid', `${subject} does not exist, and a watched file does not validate`, {
      details: { diagnostics: errors },
    }),
  );
}
