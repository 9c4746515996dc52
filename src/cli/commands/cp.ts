import { existsSync, statSync } from 'node:fs';
import { basename, dirname, join, posix, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import tar from 'tar-fs';
import type { ContainerRef } from '../../api/pod-sessions.js';
import { AppError } from '../../lib/app-error.js';
import type { CliClient } from '../cli-client.js';
import type { CliContext } from '../cli-context.js';
import { sessionPod } from '../session-pod.js';
import { usageError } from '../usage-error.js';

/** `cp LOCAL POD:PATH` and `cp POD:PATH LOCAL`: files and folders, also of a container that has no tar or does not run. */
export async function cp(
  context: CliContext,
  from: string,
  to: string,
  options: { readonly container?: string },
): Promise<number> {
  const [source, target] = [remoteOf(from), remoteOf(to)];
  if ((source === undefined) === (target === undefined))
    throw usageError('one of the two must be in a pod', 'minithena cp ./file POD:/path, or POD:/path ./file');
  if (context.options.kubeconfig !== undefined)
    throw usageError('cp copies through the daemon of a cluster of minithena', 'elsewhere: kubectl cp');
  const client = await context.client();
  const remote = source ?? target ?? { pod: '', path: '' };
  const { metadata } = await sessionPod(context, client, remote.pod);
  const ref = {
    namespace: metadata.namespace,
    pod: metadata.name,
    ...(options.container !== undefined && { container: options.container }),
  };
  await (source ? fetchFrom(client, ref, remote.path, to) : sendTo(client, ref, from, remote.path));
  return 0;
}

/** `POD:PATH` or `NAMESPACE/POD:PATH` is remote; a path with a slash before its colon is not, nor a drive. */
function remoteOf(text: string): { pod: string; path: string } | undefined {
  const [, pod, path] = /^(?:[^/:\\]+\/)?([^/:\\]{2,}):(.*)$/s.exec(text) ?? [];
  if (pod === undefined || path === undefined) return undefined;
  return { pod, path: posix.resolve('/', path) };
}

async function sendTo(client: CliClient, ref: ContainerRef, local: string, path: string): Promise<void> {
  if (!existsSync(local))
    throw new AppError('FileMissing', `${local} does not exist`, { hint: 'check the path' });
  const there = await client.files.stat(ref, path);
  const name = basename(resolve(local));
  // As cp does: into a folder that is there, else under the new name.
  const [folder, as] = there.isDirectory ? [path, name] : [posix.dirname(path), posix.basename(path)];
  const source = resolve(local);
  const archive = tar.pack(dirname(source), {
    entries: [name],
    map: (header) => ({ ...header, name: header.name.replace(name, as) }),
  });
  await client.files.write(ref, folder, archive as unknown as Readable);
}

async function fetchFrom(client: CliClient, ref: ContainerRef, path: string, local: string): Promise<void> {
  const pieces = await client.files.read(ref, path);
  const isFolder = existsSync(local) && statSync(local).isDirectory();
  const target = isFolder ? join(local, posix.basename(path)) : local;
  const as = basename(resolve(target));
  const unpack = tar.extract(dirname(resolve(target)), {
    map: (header) => ({ ...header, name: header.name.replace(/^[^/]+/, as) }),
    // Files belong to whoever asked for them.
    chown: false,
  } as tar.ExtractOptions);
  await pipeline(Readable.from(pieces), unpack);
}
