import { readCases } from './read-cases.js';
import { runCase } from './run-case.js';

export interface Printer {
  readonly line: (text: string) => void;
  readonly problem: (text: string) => void;
}

/** Puts the cases of all files to our decisions. The exit status: 1 when a case fails, 64 when a file cannot be read, else 0. */
export function runFiles(files: readonly string[], calledIn: string | undefined, print: Printer): number {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  let unread = 0;
  for (const file of files) {
    const cases = readCases(file, calledIn);
    if (typeof cases === 'string') {
      print.problem(cases);
      unread++;
      continue;
    }
    for (const [at, each] of cases.entries()) {
      const { verdict, note } = runCase(each);
      counts[verdict]++;
      if (note) print.line(`${verdict} ${each?.id ?? `${file}[${at}]`}: ${note}`);
    }
  }
  print.line(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
  if (counts.failed > 0) return 1;
  return unread > 0 ? 64 : 0;
}
