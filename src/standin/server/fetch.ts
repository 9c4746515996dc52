/** `curl` and `wget` as far as start scripts use them to wait for a server: the address, `-f`, `-o`, `-d`, `-H`, `-X`, `-m`. */
import { writeFileSync } from 'node:fs';

const words = process.argv.slice(2);
const takesValue =
  /^(-[oOdHXmTt]|--(output|data|header|request|max-time|connect-timeout|retry|retry-delay|timeout|tries|output-document))$/;
const values = new Map<string, string[]>();
let url = '';
for (let at = 0; at < words.length; at++) {
  const word = words[at] ?? '';
  if (takesValue.test(word)) values.set(word, [...(values.get(word) ?? []), words[++at] ?? '']);
  else if (!word.startsWith('-')) url = word;
}
const one = (...names: string[]) =>
  names.map((name) => values.get(name)?.at(-1)).find((each) => each !== undefined);
const isStrict =
  words.some((word) => word === '--fail' || /^-[a-zA-Z]*f/.test(word)) || process.argv0.endsWith('wget');
const body = one('-d', '--data');
const headers = Object.fromEntries(
  [...(values.get('-H') ?? []), ...(values.get('--header') ?? [])].map(
    (line) => line.split(/:\s*/, 2) as [string, string],
  ),
);
try {
  const response = await fetch(/^\w+:\/\//.test(url) ? url : `http://${url}`, {
    method: one('-X', '--request') ?? (body === undefined ? 'GET' : 'POST'),
    headers,
    signal: AbortSignal.timeout(Number(one('-m', '--max-time', '-T', '--timeout') ?? 30) * 1000),
    ...(body !== undefined && { body }),
  });
  const content = Buffer.from(await response.arrayBuffer());
  const file = one('-o', '--output', '-O', '--output-document');
  if (isStrict && !response.ok) process.exitCode = 22;
  else if (file === undefined || file === '-') process.stdout.write(content);
  else if (file !== '/dev/null') writeFileSync(file, content);
} catch {
  process.stderr.write(`could not connect to ${url}\n`);
  process.exitCode = 7;
}
