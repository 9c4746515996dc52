import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parseKubeconfig } from '../api/parse-kubeconfig.js';
import { AppError, messageOf } from '../lib/app-error.js';
import { execCredential } from './exec-credential.js';

/** All that a connection needs, read from the kubeconfig and the files it names. */
export interface Access {
  server: string;
  token?: string;
  tls: { ca?: string; cert?: string; key?: string; servername?: string; rejectUnauthorized: boolean };
}

/** Throws DaemonUnreachable where there is no kubeconfig, Usage where it cannot be used. */
export function readAccess(kubeconfig: string, context?: string): Access {
  const access = parseKubeconfig(readKubeconfig(kubeconfig), context);
  // Paths in a kubeconfig start from where it is.
  const read = (file: string): string => {
    try {
      return readFileSync(resolve(dirname(kubeconfig), file), 'utf8');
    } catch (error) {
      throw new AppError('Usage', `${kubeconfig} names a file that cannot be read: ${messageOf(error)}`);
    }
  };
  const textOf = (source: { data: string } | { file: string }) =>
    'data' in source ? source.data : read(source.file);
  // Kubernetes' order: a file, which can be renewed, goes before a token that stands there.
  const given = access.tokenFile === undefined ? access.token : read(access.tokenFile).trim();
  const login = given === undefined && access.command ? execCredential(access.command) : {};
  const token = given ?? login.token;
  return {
    server: access.server,
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

/** Throws DaemonUnreachable where there is none. */
export function readKubeconfig(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new AppError('DaemonUnreachable', `no daemon has run here yet: ${messageOf(error)}`, {
      hint: 'start it with: minithena up FILE',
    });
  }
}
