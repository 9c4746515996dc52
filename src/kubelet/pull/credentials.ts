import type { RegistryAuth } from '../engine.js';

/** Credentials and, for people, where they come from. Never print `auth`. */
export interface FoundCredentials {
  readonly auth: RegistryAuth;
  /** E.g. `Secret default/regcred`. */
  readonly source: string;
}

/** An entry of `auths`, in Docker's config file and in Kubernetes' Secrets alike. */
export interface AuthEntry {
  username?: unknown;
  password?: unknown;
  /** base64 of name:password */
  auth?: unknown;
  identitytoken?: unknown;
}

/** undefined when there is nothing in it to show to a registry. */
export function readAuthEntry(entry: AuthEntry, serveraddress: string): RegistryAuth | undefined {
  const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined);
  const [fromAuth, passwordFromAuth] = splitOnce(
    Buffer.from(text(entry.auth) ?? '', 'base64').toString('utf8'),
  );
  const username = text(entry.username) ?? text(fromAuth);
  // Some tools pad what they encode with zero bytes.
  const password = text(entry.password) ?? text(passwordFromAuth?.replace(/\0+$/, ''));
  const identitytoken = text(entry.identitytoken);
  if (identitytoken !== undefined)
    return { serveraddress, identitytoken, ...(username !== undefined && { username }) };
  if (username === undefined || password === undefined) return undefined;
  return { serveraddress, username, password };
}

function splitOnce(text: string): [string, string | undefined] {
  const colon = text.indexOf(':');
  return colon < 0 ? [text, undefined] : [text.slice(0, colon), text.slice(colon + 1)];
}
