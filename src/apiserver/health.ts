/** `/livez`, `/readyz`, `/healthz` in plain text as Kubernetes words them; undefined for any other path. */
export function health(path: string, query: URLSearchParams): string | undefined {
  const name = /^\/(healthz|readyz|livez)(\/ping)?$/.exec(path)?.[1];
  if (name === undefined) return undefined;
  // The server answers only after the store is read back, so whoever hears it hears that it is ready.
  return query.has('verbose') ? `[+]ping ok\n[+]store ok\n${name} check passed\n` : 'ok';
}
