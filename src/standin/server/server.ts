/**
 * The stand-in for vLLM: the process that runs in a container of the stand-in image. It imports nothing but Node's own modules, since
 * the image holds nothing else, and it must stay small: forty of them run on a laptop.
 */
import { createServer } from 'node:http';
import { joinGroup, leadGroup, membersAt, untilComplete } from './group.js';
import { requestHandler } from './handle-request.js';
import { serverMetrics } from './metrics.js';
import { CommandLineError, parseCommandLine } from './parse-command-line.js';
import type { Settings } from './settings.js';
import { standInVersion } from './stand-in-version.js';
import { startUpLines } from './start-up-lines.js';

/** How long requests in flight may go on after SIGTERM. */
const drainMs = 3000;

const stamp = () => new Date().toISOString().slice(5, 19).replace('T', ' ');
const log = (level: 'INFO' | 'WARNING', source: string, text: string) =>
  void process.stdout.write(`${level} ${stamp()} [${source}] ${text}\n`);
const plain = (text: string) => void process.stdout.write(`INFO:     ${text}\n`);

function settingsOrExit(): Settings {
  try {
    return parseCommandLine(process.argv.slice(2), process.env);
  } catch (error) {
    if (!(error instanceof CommandLineError)) throw error;
    process.stderr.write(`usage: vllm serve [model_tag] [options]\nvllm serve: error: ${error.message}\n`);
    process.exit(2);
  }
}

if (process.argv.includes('--version')) {
  process.stdout.write(`${standInVersion}\n`);
  process.exit(0);
}
const settings = settingsOrExit();
const metrics = serverMetrics(settings.servedNames[0] ?? settings.model, 100_000);
const handle = requestHandler(settings, metrics);
const quiet = new Set(['/health', '/metrics', '/ping']);
const server = createServer((request, response) => {
  response.once('finish', () => {
    const { remoteAddress, remotePort } = request.socket;
    // A client that keeps its connection would otherwise hold up the end.
    if (stopping) request.socket.end();
    if (quiet.has(request.url ?? '')) return;
    plain(
      `${remoteAddress}:${remotePort} - "${request.method} ${request.url} HTTP/${request.httpVersion}" ${response.statusCode} ${response.statusMessage}`,
    );
  });
  void handle(request, response);
});

let stopping = false;
/** A first process of a container dies of no signal that it does not handle, hence this from the first moment on. */
function stop(signal: string): void {
  if (stopping) process.exit(0);
  stopping = true;
  plain('Shutting down');
  if (!server.listening || metrics.running + metrics.waiting === 0) finish();
  log('INFO', 'launcher.py:110', `${signal}: ${metrics.running} requests are still running`);
  server.close(finish);
  server.closeIdleConnections();
  setTimeout(finish, drainMs);
}
function finish(): never {
  plain(`Finished server process [${process.pid}]`);
  process.exit(0);
}
process.on('SIGTERM', stop);
process.on('SIGINT', stop);

/** Several pods that are one engine begin when all are there; the others end with the first. */
async function meetTheOthers(): Promise<void> {
  const { group } = settings;
  const say = (text: string) => log('INFO', 'parallel_state.py:1208', text);
  if (group && group.rank > 0) {
    const { ended } = await joinGroup(group.meeting, say);
    say(`rank ${group.rank} of ${group.size} joined ${group.meeting.host}`);
    void ended.then(() => {
      process.stderr.write('ERROR:    the first of the nodes is gone\n');
      process.exit(1);
    });
    return;
  }
  if (group) {
    await leadGroup(group.meeting.port, (members) => say(`${members} of ${group.size} nodes are here`));
    return untilComplete({ host: '127.0.0.1', port: group.meeting.port }, group.size, say);
  }
  // Started behind `ray start --head`: its members are this engine's.
  const size = Number(process.env.GROUP_SIZE ?? 1);
  const ray = { host: '127.0.0.1', port: 6379 };
  if (size > 1 && (await membersAt(ray)) !== undefined) await untilComplete(ray, size, say);
}

const shownHost = settings.host ?? '0.0.0.0';
log('INFO', 'api_server.py:1839', `vLLM API server version ${standInVersion} (a stand-in: no model, no GPU)`);
log('INFO', 'utils.py:233', `non-default args: ${JSON.stringify(settings.given)}`);
if (settings.ignored.length > 0) {
  log('WARNING', 'standin', `without effect in the stand-in: ${settings.ignored.join(' ')}`);
}
log('INFO', 'gpu_model_runner.py:2602', `Starting to load model ${settings.model}...`);

await meetTheOthers();
for (const { share, source, text } of startUpLines(settings.startupMs))
  setTimeout(() => log('INFO', source, text), share * settings.startupMs);
setTimeout(() => {
  if (settings.headless) {
    log('INFO', 'serve.py:125', 'Headless: this process serves no API');
    setInterval(() => {}, 2 ** 30);
    return;
  }
  server.once('error', (error) => {
    process.stderr.write(
      `ERROR:    [Errno] error while attempting to bind on address ('${shownHost}', ${settings.port}): ${error.message}\n`,
    );
    process.exit(1);
  });
  server.listen(
    { port: settings.port, ...(settings.host === undefined ? {} : { host: settings.host }) },
    () => {
      const address = server.address();
      const port = typeof address === 'object' && address ? address.port : settings.port;
      log('INFO', 'api_server.py:1912', `Starting vLLM API server 0 on http://${shownHost}:${port}`);
      plain(`Started server process [${process.pid}]`);
      plain('Application startup complete.');
      plain(`Uvicorn running on http://${shownHost}:${port} (Press CTRL+C to quit)`);
    },
  );
}, settings.startupMs);
