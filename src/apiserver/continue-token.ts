import { AppError } from '../lib/app-error.js';

/** Where the next page of a list begins. */
export interface PageStart {
  /** The version that all pages show; undefined: whatever is now, since that version is no longer known. */
  readonly at?: string;
  /** The key of the last object of the page before. */
  readonly after: string;
}

const version = 'meta.k8s.io/v1';
const anyVersion = -1;

/** As the `continue` of a list, in the form that Kubernetes gives it; opaque to clients. */
export const continueToken = ({ at, after }: PageStart): string =>
  Buffer.from(
    JSON.stringify({ v: version, rv: at === undefined ? anyVersion : Number(at), start: `${after}\u0000` }),
  ).toString('base64url');

/** Throws Usage for what is no token of ours. */
export function parseContinueToken(text: string): PageStart {
  const { v, rv, start } = fieldsOf(text);
  if (v !== version) throw refused('server does not recognize this encoded version');
  if (typeof rv !== 'number' || !Number.isSafeInteger(rv) || rv === 0 || rv < anyVersion)
    throw refused(`incorrect encoded start resourceVersion (version ${version})`);
  if (typeof start !== 'string' || start === '')
    throw refused(`encoded start key empty (version ${version})`);
  return { ...(rv !== anyVersion && { at: String(rv) }), after: start.replace(/\u0000$/, '') };
}

function fieldsOf(text: string): { v?: unknown; rv?: unknown; start?: unknown } {
  try {
    return Object(JSON.parse(Buffer.from(text, 'base64url').toString('utf8')));
  } catch {
    throw refused('it cannot be decoded');
  }
}

const refused = (why: string) =>
  new AppError('Usage', `invalid continue token: continue key is not valid: ${why}`, {
    hint: 'start the list again without continue',
  });
