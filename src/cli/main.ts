#!/usr/bin/env node
/** The `minithena` command: gives the process to runCli and ends with its exit code. */
import { openClient } from './open-client.js';
import { runCli } from './run-cli.js';

const stop = new AbortController();
// The first Ctrl-C lets the command end in order; a second one ends it at once.
process.once('SIGINT', () => stop.abort());
process.once('SIGTERM', () => stop.abort());
for (const stream of [process.stdout, process.stderr]) {
  // `minithena get pods | head -1`: nobody reads on.
  stream.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));
}

const code = await runCli(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  signal: stop.signal,
  now: () => Date.now(),
  connect: openClient,
});
process.stdout.write('', () => process.stderr.write('', () => process.exit(code)));
