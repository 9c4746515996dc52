/** Any value in a message: a text as it is, everything else as JSON. Unlike String it never throws for what came as JSON, and is never `[object Object]`. */
export const textOf = (value: unknown): string =>
  typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value));
