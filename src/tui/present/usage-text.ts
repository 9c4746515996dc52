const bars = '▁▂▃▄▅▆▇█';
const barsAscii = '_.-~=+*#';

/** Samples as a row of bars, the newest last, right-aligned in `cells`; the highest bar is `most`. Pure. */
export function sparkline(samples: readonly number[], most: number, cells: number, ascii: boolean): string {
  const signs = ascii ? barsAscii : bars;
  return samples
    .slice(-cells)
    .map((sample) => {
      const share = most > 0 ? Math.max(0, Math.min(1, sample / most)) : 0;
      return signs[Math.min(signs.length - 1, Math.floor(share * signs.length))] ?? '';
    })
    .join('')
    .padStart(cells);
}

/** As `kubectl top` writes them: upwards, since what uses anything does not use nothing. */
export const cpuText = (cores: number): string => `${Math.ceil(cores * 1000)}m`;
export const memoryText = (bytes: number): string => `${Math.floor(bytes / 2 ** 20)}Mi`;
