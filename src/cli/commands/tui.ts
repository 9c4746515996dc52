import type { CliContext } from '../cli-context.js';

/** `tui`: the terminal UI of a cluster that runs already. */
export async function tui(context: CliContext): Promise<number> {
  const client = await context.client();
  await openTui(context, client);
  return 0;
}

export async function openTui(context: CliContext, client: unknown): Promise<void> {
  const { runTui } = await import('../../tui/run-tui.js');
  const { options } = context;
  await runTui({
    client: client as Parameters<typeof runTui>[0]['client'],
    cluster: options.cluster,
    ...(options.ascii !== undefined && { ascii: options.ascii }),
    color: context.output.stdout.color,
  });
}
