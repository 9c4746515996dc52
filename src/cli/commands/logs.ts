import type { Pod } from '../../api/types/resources.js';
import { AppError, messageOf } from '../../lib/app-error.js';
import { stripControl } from '../../lib/strip-control.js';
import type { CliClient } from '../cli-client.js';
import type { CliContext } from '../cli-context.js';
import { logPods } from '../log-pods.js';
import { usageError } from '../usage-error.js';

export interface LogsOptions {
  readonly selector?: string;
  readonly container?: string;
  readonly allContainers?: boolean;
  readonly follow?: boolean;
  readonly previous?: boolean;
  readonly tail?: number;
  /** Milliseconds. */
  readonly since?: number;
  readonly timestamps?: boolean;
  readonly prefix?: boolean;
}
interface Source {
  readonly pod: string;
  readonly container: string;
}

/** `logs POD`, `logs TYPE/NAME` or `logs -l SELECTOR`. On a terminal without the control sequences of the container; to a pipe as it was written. */
export async function logs(
  context: CliContext,
  word: string | undefined,
  options: LogsOptions,
): Promise<number> {
  if ((word === undefined) === (options.selector === undefined))
    throw usageError('say one of a pod and -l SELECTOR', 'or ms/NAME, sg/NAME, role/NAME for all pods of it');
  const client = await context.client();
  const pods =
    word === undefined
      ? await client.list('pods', {
          namespace: context.namespace,
          ...(options.selector !== undefined && { labelSelector: options.selector }),
        })
      : await logPods(client, context.namespace, word);
  if (pods.length === 0) {
    context.output.progress(`No pods found in ${context.namespace} namespace.`);
    return 0;
  }
  const sources = pods.flatMap((pod) =>
    containersOf(pod, options, context, pods.length === 1).map((container) => ({
      pod: pod.metadata.name,
      container,
    })),
  );
  const errors: unknown[] = [];
  // One of several that cannot be read keeps none of the others away.
  const read = (source: Source): Promise<void> =>
    readLog(context, client, source, options).catch((error: unknown) => {
      if (sources.length === 1) throw error;
      errors.push(error);
      context.output.progress(`${source.pod}/${source.container}: ${messageOf(error)}`);
    });
  if (options.follow) await Promise.all(sources.map(read));
  else for (const source of sources) await read(source);
  return errors.length > 0 ? 1 : 0;
}

function containersOf(pod: Pod, options: LogsOptions, { output }: CliContext, isAlone: boolean): string[] {
  const apps = pod.spec.containers.map((each) => each.name);
  const all = [...(pod.spec.initContainers ?? []).map((each) => each.name), ...apps];
  if (options.container !== undefined) {
    if (!all.includes(options.container)) {
      throw new AppError('NotFound', `pod ${pod.metadata.name} has no container ${options.container}`, {
        hint: `it has: ${all.join(', ')}`,
      });
    }
    return [options.container];
  }
  if (options.allContainers) return all;
  const chosen = pod.metadata.annotations?.['kubectl.kubernetes.io/default-container'];
  const first = chosen !== undefined && apps.includes(chosen) ? chosen : apps[0];
  if (first === undefined) return [];
  if (all.length > 1 && isAlone && options.selector === undefined)
    output.progress(`Defaulted container "${first}" out of: ${all.join(', ')}`);
  return [first];
}

async function readLog(
  context: CliContext,
  client: CliClient,
  { pod, container }: Source,
  options: LogsOptions,
): Promise<void> {
  const { output, signal } = context;
  const tail = options.tail ?? (options.selector === undefined ? -1 : 10);
  const prefix = options.prefix ? output.stdout.dim(`[pod/${pod}/${container}] `) : '';
  const print = (text: string) => {
    const shown = output.stdout.isTerminal ? harmless(text, options.timestamps === true) : text;
    // A carriage return begins no line.
    output.raw(prefix === '' ? shown : shown.replace(/(?<=^|\n)(?=.)/gs, prefix));
  };
  let rest = '';
  const chunks = client.logs(
    {
      namespace: context.namespace,
      pod,
      container,
      follow: options.follow === true,
      previous: options.previous === true,
      timestamps: options.timestamps === true,
      ...(tail >= 0 && { tail }),
      ...(options.since !== undefined && { sinceSeconds: Math.ceil(options.since / 1000) }),
    },
    signal,
  );
  for await (const chunk of chunks) {
    // Whole lines only: two logs must not mix within one, and no control sequence may be cut in two.
    const text = rest + chunk;
    const end = text.lastIndexOf('\n') + 1;
    if (end > 0) print(text.slice(0, end));
    rest = text.slice(end);
  }
  if (rest !== '') print(`${rest}\n`);
}

/** The time in front of a line is no part of what the container wrote. */
const harmless = (lines: string, hasTimes: boolean): string =>
  hasTimes
    ? lines.replace(/([^ \n]+ )([^\n]*)/g, (_, time: string, line: string) => time + stripControl(line))
    : stripControl(lines);
