import { createServer, type Server, type Socket } from 'node:net';
import type { Pod } from '../../api/types/resources.js';
import { AppError, messageOf } from '../../lib/app-error.js';
import type { CliContext } from '../cli-context.js';
import { untilAborted } from '../follow/until-aborted.js';
import { sessionPod } from '../session-pod.js';
import { usageError } from '../usage-error.js';

/** `port-forward POD [LOCAL:]REMOTE…`: ports of this machine that lead into the pod, until Ctrl-C. */
export async function portForward(
  context: CliContext,
  word: string,
  ports: string[],
  options: { readonly address: string },
): Promise<number> {
  const client = await context.client();
  const pod = await sessionPod(context, client, word);
  const { namespace, name } = pod.metadata;
  const pairs = ports.map((each) => readPair(pod, each));
  const servers: Server[] = [];
  const open = new Set<Socket>();
  try {
    for (const { local, remote } of pairs) {
      const server = createServer({ allowHalfOpen: true }, (socket) => {
        open.add(socket);
        socket.on('close', () => open.delete(socket));
        socket.on('error', () => socket.destroy());
        context.output.progress(`Handling connection for ${portOf(server)}`);
        client.forward({ namespace, pod: name }, remote, socket).catch((error: unknown) => {
          // One connection that fails says nothing about the next: the pod may be on its way back.
          context.output.progress(`${context.output.stderr.bad('error')} ${remote}: ${messageOf(error)}`);
          socket.destroy();
        });
      });
      await listen(server, local, options.address);
      servers.push(server);
      context.output.data(`Forwarding from ${options.address}:${portOf(server)} -> ${remote}`);
    }
    await untilAborted(context.signal);
  } finally {
    for (const server of servers) server.close();
    for (const socket of open) socket.destroy();
  }
  return 0;
}

/** `8080:8000`, `8000`, `:8000` for any free one, and port names of the pod. */
function readPair(pod: Pod, text: string): { local: number; remote: number } {
  const [first = '', second] = text.split(':');
  const remoteText = second ?? first;
  const named = pod.spec.containers
    .flatMap((each) => each.ports ?? [])
    .find((each) => each.name === remoteText)?.containerPort;
  const remote = named ?? Number(remoteText);
  const local = second === undefined ? (named ?? Number(first)) : Number(first);
  const isPort = (port: number, least: number) => Number.isInteger(port) && port >= least && port <= 65_535;
  if (!isPort(remote, 1) || !isPort(local, 0))
    throw usageError(
      `"${text}" is no pair of ports`,
      'write for example 8080:8000, :8000 or the name of a port',
    );
  return { local, remote };
}

const portOf = (server: Server): number => {
  const address = server.address();
  return typeof address === 'object' && address ? address.port : 0;
};

const listen = (server: Server, port: number, host: string): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const why = error.code === 'EADDRINUSE' ? 'it is taken' : messageOf(error);
      reject(
        new AppError('Failed', `cannot listen on ${host}:${port}: ${why}`, {
          hint: `choose another, or :${port} for any free one`,
        }),
      );
    });
    server.listen(port, host, () => resolve());
  });
