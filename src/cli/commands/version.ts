import { isAppError } from '../../lib/app-error.js';
import { programVersion } from '../../lib/program-version.js';
import type { DaemonInfo } from '../cli-client.js';
import type { CliContext } from '../cli-context.js';
import { nodeText } from '../node-options.js';
import { usageError } from '../usage-error.js';

/** `version`: what is installed and what runs; a daemon that does not run is no failure. */
export async function version(context: CliContext, options: { output?: string }): Promise<number> {
  if (options.output !== undefined && options.output !== 'json')
    throw usageError(`-o ${options.output}: only json`);
  const info = await daemonInfo(context);
  const { output } = context;
  if (options.output === 'json') {
    const daemon = info && {
      version: info.version,
      cluster: info.cluster,
      pid: info.pid,
      rules: info.rules,
      pull: info.pull,
    };
    output.data(
      JSON.stringify(
        {
          client: { version: programVersion(), node: process.version },
          daemon: daemon ?? null,
          engine: info?.engine ?? null,
          node: info?.node ?? null,
        },
        null,
        4,
      ),
    );
    return 0;
  }
  output.data(`client: ${programVersion()} (node ${process.version})`);
  const isOther = !info && (await isOtherCluster(context));
  if (isOther)
    output.data(`cluster: ${context.options.context ?? context.options.kubeconfig} (no daemon of minithena)`);
  else
    output.data(
      `daemon: ${info ? `${info.version} (cluster ${info.cluster}, pid ${info.pid}, rules ${info.rules}, pull ${info.pull})` : 'not running'}`,
    );
  if (info) {
    output.data(`engine: ${engineText(info.engine)}`);
    output.data(`node: ${nodeText(info.node)}`);
  }
  return 0;
}

export const engineText = (engine: DaemonInfo['engine']): string =>
  engine.reachable ? `${engine.kind} ${engine.version}` : `${engine.kind} does not answer: ${engine.message}`;

async function isOtherCluster(context: CliContext): Promise<boolean> {
  return (await context.client().catch(() => undefined))?.isOtherCluster === true;
}

/** Undefined when no daemon answers, or the cluster is none of ours. */
export async function daemonInfo(context: CliContext): Promise<DaemonInfo | undefined> {
  try {
    const client = await context.client();
    return client.isOtherCluster ? undefined : await client.control.info();
  } catch (error) {
    if (isAppError(error, 'DaemonUnreachable') || isAppError(error, 'Unauthorized')) return undefined;
    throw error;
  }
}
