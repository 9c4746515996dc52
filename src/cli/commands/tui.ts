import { isAppError } from '../../lib/app-error.js';
import type { CliClient } from '../cli-client.js';
import type { CliContext } from '../cli-context.js';

/** `tui`: the terminal UI of a cluster that runs already. */
export async function tui(context: CliContext, wanted: { readOnly?: boolean }): Promise<number> {
  await openTui(context, await context.client(), wanted);
  return 0;
}

/** Runs the terminal UI until its reader quits; of another cluster, of this namespace where one is said. Throws Usage off a terminal. */
export async function openTui(
  context: CliContext,
  client: CliClient,
  { readOnly }: { readOnly?: boolean } = {},
  wanted?: { namespace?: string },
): Promise<void> {
  const { options, output, env } = context;
  const where = client.isOtherCluster ? (wanted ?? (await seenNamespace(context, client))) : {};
  const [{ runTui }, { readTuiConfig }] = await Promise.all([
    import('../../tui/run-tui.js'),
    import('../../tui/outside/read-tui-config.js'),
  ]);
  await runTui({
    client: {
      watch: (resource, filter, onChange, signal) =>
        client.watch(resource, resource === 'nodes' ? filter : { ...filter, ...where }, onChange, signal),
      logs: (source, signal) => client.logs(source, signal),
      scale: (namespace, name, edit) => client.scale(namespace, name, edit),
      usage: (resource, filter) => client.usage(resource, filter),
      control: {
        info: client.isOtherCluster ? async () => elsewhere : () => client.control.info(),
        failures: (pod) => client.control.failures(pod),
        plan: (request) => client.control.plan(request),
      },
    },
    cluster: options.context ?? options.kubeconfig ?? options.cluster,
    ...(client.isOtherCluster && {
      goodbye: `What runs in ${options.context ?? options.kubeconfig} goes on running.`,
    }),
    ...(options.ascii !== undefined && { ascii: options.ascii }),
    color: output.stdout.color,
    ...(readOnly !== undefined && { readOnly }),
    config: readTuiConfig(env),
    program: [
      process.execPath,
      process.argv[1] ?? '',
      '--cluster',
      options.cluster,
      ...(options.kubeconfig === undefined ? [] : ['--kubeconfig', options.kubeconfig]),
      ...(options.context === undefined ? [] : ['--context', options.context]),
    ],
  });
}

/** That of -n; without it all of the cluster, or that of the context for a user who may see no more. */
async function seenNamespace(
  { options, namespace }: CliContext,
  client: CliClient,
): Promise<{ namespace?: string }> {
  if (options.namespace !== undefined) return { namespace };
  try {
    await client.list('modelservings');
    return {};
  } catch (error) {
    if (!isAppError(error, 'Forbidden')) throw error;
    return { namespace };
  }
}

/** Nothing is known here of the engines of another cluster. */
const elsewhere = {
  version: '',
  engine: { kind: 'Kubernetes', version: '', reachable: true, message: '' },
  diagnostics: [],
};
