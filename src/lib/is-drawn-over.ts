/**
 * Whether a part of a line that ends with a carriage return is only there to be drawn over by what follows: nothing, a progress bar, or what a
 * process of vLLM puts before its bar. Anything else would be lost.
 */
export const isDrawnOver = (part: string): boolean => /^\s*(\(\S+ pid=\d+\)\s*)?$|\d%|it\/s/.test(part);
