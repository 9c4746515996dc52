import { AppError } from '../../lib/app-error.js';
import type { CliContext } from '../cli-context.js';
import { isElsewhere } from '../follow/follow-to-end.js';
import { untilProcessEnds } from '../until-process-ends.js';
import { daemonInfo } from './version.js';

/** `stop`: ends the daemon and leaves the containers; the next `up` takes them over. */
export async function stop(context: CliContext): Promise<number> {
  const { output, options } = context;
  const info = await daemonInfo(context);
  if (!info && isElsewhere(context))
    throw new AppError('MethodNotAllowed', 'stop needs a daemon of minithena; this is another cluster', {
      hint: 'leave out --context and --kubeconfig for the one on this machine',
    });
  if (!info) {
    output.progress(`no daemon runs for cluster ${options.cluster}`);
    return 0;
  }
  const client = await context.client();
  await client.control.stop();
  await untilProcessEnds(info.pid, 15_000);
  output.data(`the daemon of cluster ${options.cluster} has ended; its containers run on`);
  return 0;
}
