/**
 * The API that the terminal UI of tui.mjs talks to, with the objects of tui-objects.mjs and no engine. Its kubeconfig goes into the file that is
 * named. Words on stdin: `load` changes every pod ten times a second, `end` once more and never again.
 */
import { writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setInterval } from 'node:timers';
import { setTimeout as pause } from 'node:timers/promises';
import { makeCertificate } from '../../dist/apiserver/make-certificate.js';
import { makeKubeconfig } from '../../dist/apiserver/make-kubeconfig.js';
import { startApiServer } from '../../dist/apiserver/start-api-server.js';
import { systemClock } from '../../dist/lib/clock.js';
import { silentLogger } from '../../dist/lib/logger.js';
import { createObjectStore } from '../../dist/store/create-object-store.js';
import { firstLists, instances, linesPerTick, logPiece, pod } from './tui-objects.mjs';

const store = createObjectStore({ clock: systemClock });
for (const [resource, objects] of Object.entries(firstLists))
  for (const object of objects) store.create(resource, object);

async function* logs({ signal }) {
  for (let line = 0; !signal.aborted; line += linesPerTick) {
    yield { data: Buffer.from(logPiece(line)) };
    await pause(100);
  }
}
const token = 'bench';
const tls = await makeCertificate();
const server = await startApiServer({
  store,
  tls,
  token,
  port: 0,
  kubelet: { sessions: {}, logs },
  commit: () => {},
  control: {
    info: () => ({
      version: 'bench',
      engine: { kind: 'bench', version: '1', reachable: true, message: '' },
      diagnostics: [],
    }),
  },
  logger: silentLogger,
});
const [, , file] = process.argv;
writeFileSync(file, makeKubeconfig({ cluster: 'bench', url: server.url, ca: tls.cert, token }));
console.log('ready');

const change = (restarts) => {
  for (const each of instances) store.update('pods', pod(each, restarts));
};
let round = 0;
const next = () => {
  round += 1;
  change(round % 2);
};
let load;
for await (const word of createInterface({ input: process.stdin })) {
  clearInterval(load);
  if (word === 'end') change(77);
  else load = setInterval(next, 100);
}
process.exit(0);
