import { humanDuration } from '../../lib/human-duration.js';
import type { Painter } from '../output.js';

export interface PrintContext {
  readonly nowMs: number;
  readonly painter: Painter;
}

/** One column of a kind's table; wide ones are shown with `-o wide` only. */
export interface Column<T> {
  readonly header: string;
  readonly wide?: true;
  cell(object: T, context: PrintContext): string;
}

export const nameColumn: Column<{ metadata: { name: string } }> = {
  header: 'NAME',
  cell: ({ metadata }) => metadata.name,
};
export const ageColumn: Column<{ metadata: { creationTimestamp?: string } }> = {
  header: 'AGE',
  cell: ({ metadata }, { nowMs }) => since(metadata.creationTimestamp, nowMs),
};

/** The time since then as kubectl prints it. */
export const since = (iso: string | undefined, nowMs: number): string =>
  iso === undefined || Number.isNaN(Date.parse(iso)) ? '<unknown>' : humanDuration(nowMs - Date.parse(iso));

export const orNone = (text: string | undefined): string => (text ? text : '<none>');
