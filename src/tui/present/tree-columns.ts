/** The columns of the tree beside its name and status, as far as there is room for them. */
import { addressOf, gpusOf } from '../model/line-places.js';
import type { TreeLine } from '../model/tree.js';
import { limitOfLine, type UsageSeries, usageOfLine } from '../model/usage.js';
import { cellWidth } from '../text/cell-width.js';
import type { Context } from './context.js';
import { cpuText, memoryText, sparkline } from './usage-text.js';

export interface PlaceColumn {
  readonly title: string;
  /** With the space after it. */
  readonly width: number;
  readonly textOf: (line: TreeLine) => string;
}

const widest = 24;
const sparkCells = 8;
/** A bar of full height is at least this much: the idling of a container is no mountain. */
const leastCores = 0.1;
const leastBytes = 64 * 2 ** 20;

/** Address, GPUs, cpu and memory: those that something on screen has, the first ones first, in `room` cells. */
export function placeColumns(context: Context, visible: readonly TreeLine[], room: number): PlaceColumn[] {
  let left = room;
  const fitting = (title: string, ...texts: ((line: TreeLine) => string)[]): PlaceColumn[] => {
    for (const textOf of texts) {
      const longest = Math.max(0, ...visible.map((line) => cellWidth(textOf(line))));
      if (longest === 0) return [];
      const width = Math.max(title.length, Math.min(longest, widest)) + 2;
      if (width > left) continue;
      left -= width;
      return [{ title, width, textOf }];
    }
    return [];
  };
  return [
    ...fitting('ADDRESS', addressOf),
    ...fitting('GPUS', gpusOf),
    ...fitting('CPU', usageText(context, cpu, true), usageText(context, cpu, false)),
    ...fitting('MEMORY', usageText(context, memory, true), usageText(context, memory, false)),
  ];
}

interface Measure {
  readonly resource: 'cpu' | 'memory';
  readonly of: (series: UsageSeries) => readonly number[];
  readonly text: (amount: number) => string;
  readonly least: number;
}
const cpu: Measure = { resource: 'cpu', of: (series) => series.cpuCores, text: cpuText, least: leastCores };
const memory: Measure = {
  resource: 'memory',
  of: (series) => series.memoryBytes,
  text: memoryText,
  least: leastBytes,
};

/** The newest sample; with bars: those before it too, as shares of the limit or else of the highest of them. */
const usageText =
  ({ model, glyphs }: Context, { resource, of, text, least }: Measure, withBars: boolean) =>
  (line: TreeLine): string => {
    const series = usageOfLine(model.usage, line);
    const samples = series ? of(series) : [];
    const last = samples.at(-1);
    if (last === undefined) return '';
    const most = limitOfLine(line, resource) ?? Math.max(least, ...samples);
    return withBars
      ? `${sparkline(samples, most, sparkCells, glyphs.ascii)} ${text(last).padStart(5)}`
      : text(last);
  };
