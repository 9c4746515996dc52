import type { PodCondition } from 'kubernetes-types/core/v1.js';

/** Labels and annotations that a Pod was given through the API, beside those it was made with; null: taken away. */
export interface PodMarks {
  readonly labels: Readonly<Record<string, string | null>>;
  readonly annotations: Readonly<Record<string, string | null>>;
  /** All conditions that others have written; absent: as before. */
  readonly conditions?: readonly PodCondition[];
}

/** Those of before with the later ones, which win. Pure. */
export function addMarks(before: PodMarks | undefined, later: PodMarks): PodMarks {
  const conditions = later.conditions ?? before?.conditions;
  return {
    labels: { ...before?.labels, ...later.labels },
    annotations: { ...before?.annotations, ...later.annotations },
    ...(conditions && { conditions }),
  };
}

/** Metadata with them. Pure. */
export const withMarks = <
  M extends { labels?: Record<string, string>; annotations?: Record<string, string> },
>(
  metadata: M,
  marks: PodMarks,
): M => ({
  ...metadata,
  labels: applied(metadata.labels, marks.labels),
  annotations: applied(metadata.annotations, marks.annotations),
});

const applied = (
  before: Record<string, string> = {},
  changes: Readonly<Record<string, string | null>>,
): Record<string, string> =>
  Object.fromEntries(
    Object.entries({ ...before, ...changes }).flatMap(([key, value]) =>
      value === null ? [] : [[key, value]],
    ),
  );
