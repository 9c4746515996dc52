import { readFileSync } from 'node:fs';
import { parseKubeconfig } from '../api/parse-kubeconfig.js';
import { AppError, messageOf } from '../lib/app-error.js';
import { execCredential } from './exec-credential.js';
import { type Meant, readKubeconfigs } from './read-kubeconfigs.js';

/** All that a connection needs, read from the kubeconfig and the files it names. */
export interface Access {
  server: string;
  /** The files that say so, where it is not the cluster's own daemon. */
  from?: string;
  token?: string;
  tls: { ca?: string; cert?: string; key?: string; servername?: string; rejectUnauthorized: boolean };
}

/** Throws DaemonUnreachable where no daemon has run, Usage where a kubeconfig cannot be used. */
export function readAccess(meant: Meant): Access {
  const files = readKubeconfigs(meant);
  const access = parseKubeconfig(files, meant.context);
  const textOf = (source: { data: string } | { file: string }) =>
    'data' in source ? source.data : read(source.file);
  // Kubernetes' order: a file, which can be renewed, goes before a token that stands there.
  const given = access.tokenFile === undefined ? access.token : read(access.tokenFile).trim();
  const login = given === undefined && access.command ? execCredential(access.command) : {};
  const token = given ?? login.token;
  const isOwn = meant.kubeconfig === undefined && meant.context === undefined;
  return {
    server: access.server,
    ...(!isOwn && { from: files.map(({ path }) => path).join(', ') }),
    ...(token !== undefined && { token }),
    tls: {
      rejectUnauthorized: !access.insecure,
      ...(access.ca && { ca: textOf(access.ca) }),
      ...(access.certificate && { cert: textOf(access.certificate) }),
      ...(access.key && { key: textOf(access.key) }),
      ...(login.clientCertificateData && { cert: login.clientCertificateData }),
      ...(login.clientKeyData && { key: login.clientKeyData }),
      ...(access.serverName !== undefined && { servername: access.serverName }),
    },
  };
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new AppError('Usage', `the kubeconfig names a file that cannot be read: ${messageOf(error)}`, {
      hint: 'log in anew, so that it is written again',
    });
  }
}
