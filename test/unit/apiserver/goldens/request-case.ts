/** One request of the tables; those of a table go one after the other to the same server. */
export interface RequestCase {
  /** What it shows, in words. */
  readonly note: string;
  readonly method: string;
  readonly path: string;
  /** Sent as JSON; a text is sent as it stands. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export const patchTypes = {
  json: { 'content-type': 'application/json-patch+json' },
  merge: { 'content-type': 'application/merge-patch+json' },
  strategic: { 'content-type': 'application/strategic-merge-patch+json' },
  apply: { 'content-type': 'application/apply-patch+yaml' },
} as const;

export const ask = (
  note: string,
  method: string,
  path: string,
  body?: unknown,
  headers?: RequestCase['headers'],
): RequestCase => ({
  note,
  method,
  path,
  ...(body !== undefined && { body }),
  ...(headers && { headers }),
});
