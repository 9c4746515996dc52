import { execFileSync } from 'node:child_process';
import type { CredentialCommand } from '../api/parse-kubeconfig.js';
import { AppError, messageOf } from '../lib/app-error.js';

export interface Credential {
  readonly token?: string;
  readonly clientCertificateData?: string;
  readonly clientKeyData?: string;
}

/** Runs the command by which a user of a kubeconfig logs in, as kubectl does: it may ask on the terminal. Throws Usage with what it said. */
export function execCredential({ command, args, env, apiVersion }: CredentialCommand): Credential {
  const request = { kind: 'ExecCredential', apiVersion, spec: { interactive: process.stdin.isTTY === true } };
  const failed = (why: string) =>
    new AppError('Usage', `\`${[command, ...args].join(' ')}\`, by which the kubeconfig logs in, ${why}`, {
      hint: 'run it by hand to see what it needs',
    });
  let text: string;
  try {
    text = execFileSync(command, args, {
      env: { ...process.env, ...env, KUBERNETES_EXEC_INFO: JSON.stringify(request) },
      stdio: ['inherit', 'pipe', 'inherit'],
      encoding: 'utf8',
    });
  } catch (error) {
    throw failed(`failed: ${messageOf(error)}`);
  }
  try {
    const { status } = JSON.parse(text) as { status?: Credential };
    if (status?.token ?? status?.clientCertificateData) return status as Credential;
  } catch {
    // What it printed is no answer.
  }
  throw failed('printed no ExecCredential with a token or a certificate');
}
