/** A decision of kthena's controller as plain facts: what is given, what happens, what must come out. `null` means absent, before defaults. */
export interface ConformanceCase {
  readonly id: string;
  readonly given: Facts;
  readonly when: Facts & { readonly op: string };
  readonly expect: Facts;
}

/** Of many forms, one for each operation; what an operation reads, it reads by name. */
// biome-ignore lint/suspicious/noExplicitAny: the facts come from a file, and a wrong form is a failing case
export type Facts = Readonly<Record<string, any>>;
