import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { messageOf } from '../lib/app-error.js';
import type { ConformanceCase } from './conformance-case.js';

/** The cases of a file, or what is wrong with it. npm runs scripts where package.json is: a path may be meant from where npm was called. */
export function readCases(file: string, calledIn: string | undefined): ConformanceCase[] | string {
  const path = [file, resolve(calledIn ?? '', file)].find((each) => existsSync(each));
  if (path === undefined) return `${file}: there is no such file`;
  try {
    const cases: unknown = JSON.parse(readFileSync(path, 'utf8').replace(/^\uFEFF/, ''));
    if (Array.isArray(cases)) return cases;
    return `${file}: a list of cases is expected, [{"id": …, "given": …, "when": …, "expect": …}]`;
  } catch (error) {
    return `${file}: ${messageOf(error)}`;
  }
}
