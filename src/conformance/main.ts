#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { messageOf } from '../lib/app-error.js';
import type { ConformanceCase } from './conformance-case.js';
import { runCase } from './run-case.js';

const files = process.argv.slice(2);
if (files.length === 0) {
  console.error('usage: npm run conformance -- FILE…');
  process.exit(64);
}
const counts = { passed: 0, failed: 0, skipped: 0 };
for (const file of files) {
  let cases: ConformanceCase[];
  try {
    cases = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    console.error(`${file}: ${messageOf(error)}`);
    process.exit(64);
  }
  for (const each of cases) {
    const { verdict, note } = runCase(each);
    counts[verdict]++;
    if (note) console.log(`${verdict} ${each.id}: ${note}`);
  }
}
console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
process.exitCode = counts.failed > 0 ? 1 : 0;
