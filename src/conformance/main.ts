#!/usr/bin/env node
import { runFiles } from './run-files.js';

const files = process.argv.slice(2);
if (files.length === 0) {
  console.error('usage: npm run conformance -- FILE…');
  process.exit(64);
}
process.exitCode = runFiles(files, process.env.INIT_CWD, { line: console.log, problem: console.error });
