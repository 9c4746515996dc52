/** `ray` as far as start scripts of several pods use it: one head, workers that join it, and the end of all when the head goes. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { joinGroup, leadGroup, membersAt, untilComplete } from './group.js';

const words = process.argv.slice(2);
const say = (text: string) => void process.stdout.write(`ray (stand-in): ${text}\n`);
const flag = (name: string): string | undefined => {
  const at = words.findIndex((word) => word === `--${name}` || word.startsWith(`--${name}=`));
  if (at < 0) return undefined;
  const word = words[at] ?? '';
  return word.includes('=') ? word.slice(word.indexOf('=') + 1) : words[at + 1];
};
const has = (name: string) => words.some((word) => word === `--${name}`);
const defaultPort = 6379;
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => process.exit(0));

/** Goes on in a process of its own; returns when that has done what the caller waits for. */
async function inBackground(isDone: () => Promise<boolean>): Promise<void> {
  const self = fileURLToPath(import.meta.url);
  spawn(process.execPath, [self, ...words, '--block'], { detached: true, stdio: 'inherit' }).unref();
  while (!(await isDone())) await new Promise((resolve) => setTimeout(resolve, 50));
}

async function head(): Promise<void> {
  const port = Number(flag('port') ?? defaultPort);
  const meeting = { host: '127.0.0.1', port };
  if (!has('block')) return inBackground(async () => (await membersAt(meeting)) !== undefined);
  await leadGroup(port, (members) => say(`${members} members`));
  say(`the head listens on port ${port}`);
}

async function worker(address: string): Promise<void> {
  const [host = '', port = String(defaultPort)] = address.split(':');
  const meeting = { host, port: Number(port) };
  if (!has('block')) return inBackground(async () => (await membersAt(meeting)) !== undefined);
  const { ended } = await joinGroup(meeting, say);
  say(`joined ${host}:${port}`);
  await ended;
  say('the head is gone');
  process.exit(1);
}

const address = flag('address');
if (words[0] === 'start') await (has('head') || address === undefined ? head() : worker(address));
else if (words[0] === 'await') {
  await untilComplete({ host: '127.0.0.1', port: Number(words[2] ?? defaultPort) }, Number(words[1]), say);
} else if (words[0] === 'status') {
  const members = await membersAt({ host: '127.0.0.1', port: defaultPort });
  if (members === undefined) process.exitCode = 1;
  say(members === undefined ? 'no head runs here' : `${members} active nodes`);
} else if (words[0] !== 'stop') {
  say(`not known here: ${words.join(' ')}`);
  process.exitCode = 127;
}
