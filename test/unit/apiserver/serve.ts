import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingHttpHeaders } from 'node:http';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import type { ControlHandlers } from '../../../src/api/control-types.js';
import type { Diagnostic } from '../../../src/api/diagnostic.js';
import { parseManifests } from '../../../src/api/parse-manifests.js';
import type { PodMarks } from '../../../src/api/pod-marks.js';
import type { Pod } from '../../../src/api/types/resources.js';
import { makeCertificate } from '../../../src/apiserver/make-certificate.js';
import { makeKubeconfig } from '../../../src/apiserver/make-kubeconfig.js';
import type { PodAccess } from '../../../src/apiserver/pod-requests.js';
import { startApiServer } from '../../../src/apiserver/start-api-server.js';
import { AppError } from '../../../src/lib/app-error.js';
import type { Change } from '../../../src/lib/changes-between.js';
import { systemClock } from '../../../src/lib/clock.js';
import { silentLogger } from '../../../src/lib/logger.js';
import { editDocument } from '../../../src/lib/yaml/edit-document.js';
import { createObjectStore } from '../../../src/store/create-object-store.js';
import { keepObjects } from '../../../src/store/kept-objects.js';
import { openObjectFiles } from '../../../src/store/object-files.js';
import type { ObjectStore } from '../../../src/store/object-store.js';
import { openWatchedMarks } from '../../../src/store/watched-marks.js';

export const pod = (name: string, containers = ['main']): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'default', labels: { app: name } },
  spec: { containers: containers.map((each) => ({ name: each, image: 'busybox' })) },
  status: { phase: 'Running' },
});

const serving = `apiVersion: workload.serving.volcano.sh/v1alpha1
kind: ModelServing
metadata: { name: sample }
spec:
  replicas: 1
  template:
    roles:
      - name: prefill
        replicas: 1
        workerReplicas: 0
        entryTemplate: { spec: { containers: [{ name: main, image: busybox }] } }
`;

/** Whatever the tests look at in an answer. */
export interface Answer {
  kind: string;
  type: string;
  message: string;
  spec: { replicas: number };
  object: { metadata: { name: string } };
  items: { metadata: { name: string } }[];
  rows: { cells: unknown[] }[];
}

export const problem: Diagnostic = {
  severity: 'error',
  code: 'UnknownField',
  message: 'unknown field `replica`',
  file: 'a.yaml',
  line: 7,
  column: 3,
  fieldPath: 'spec.replica',
  pointer: '',
};

/** One line of a watch. */
export interface Line {
  type: string;
  object: {
    kind: string;
    code?: number;
    metadata: { name: string; resourceVersion: string; annotations?: Record<string, string> };
  };
}

const certificate = makeCertificate();
const encode = (text: string) => new TextEncoder().encode(text);

/** A real server on loopback over a real store, with a commit that writes to the store what a file would hold. */
export async function serve(
  more: {
    port?: number;
    logs?: PodAccess['logs'];
    sessions?: PodAccess['sessions'];
    usage?: PodAccess['usage'];
    startVersion?: number;
    /** Of a server before this one. */
    store?: ObjectStore;
  } = {},
) {
  const store =
    more.store ??
    createObjectStore({
      clock: systemClock,
      ...(more.startVersion !== undefined && { startVersion: more.startVersion }),
    });
  const { object } = parseManifests('/tmp/sample.yaml', serving).modelServings[0]!;
  object.metadata.annotations = { 'minithena.dev/file': '/tmp/sample.yaml' };
  if (!more.store) store.create('modelservings', object);
  const edits: Change[] = [];
  const kept: PodMarks[] = [];
  const tls = await certificate;
  async function* logs() {
    yield { data: encode('one\n') };
    yield { data: encode('two\n') };
  }
  const directory = mkdtempSync(join(tmpdir(), 'minithena-api-'));
  const server = await startApiServer({
    store,
    kept: keepObjects({
      store,
      files: openObjectFiles(directory),
      marks: openWatchedMarks(directory),
      clock: systemClock,
      onProblem: () => {},
    }),
    eventsKept: async () => {},
    tls,
    token: 'secret',
    port: more.port ?? 0,
    kubelet: {
      logs: more.logs ?? logs,
      usage: more.usage ?? (async () => new Map()),
      sessions: more.sessions ?? ({} as PodAccess['sessions']),
      keepMarks: (_uid, marks) => kept.push(marks),
    },
    async commit({ namespace, name }, edit, { dryRun }) {
      const now = store.get('modelservings', namespace, name)!;
      const changes = edit(now);
      edits.push(...changes);
      const edited = parse(editDocument(stringify(now), 0, changes));
      return dryRun ? edited : store.update('modelservings', edited);
    },
    async commitSupporting({ resource, namespace, name }, edit, { dryRun }) {
      const next = edit(store.get(resource, namespace, name)!);
      return dryRun ? next : store.update(resource, next as never);
    },
    rules: 'ordinal',
    work: () => ({
      isEngineReachable: true,
      queues: {
        controller: { passes: { succeeded: 3, failed: 1, seconds: 0.5 }, due: 2, running: 1, delayed: 4 },
      },
      engineCalls: new Map([['createContainer', { succeeded: 5, failed: 0, seconds: 1.25 }]]),
    }),
    control: {
      async up() {
        throw new AppError('SpecInvalid', 'a.yaml:1:1: bad', {
          hint: 'correct it',
          details: { diagnostics: [{ ...problem, severity: 'warning', message: 'odd' }, problem] },
        });
      },
      down: async () => ({ removed: ['default/sample'], kept: [] }),
      // As the daemon does; two of them refer to each other.
      stop: () => [setImmediate(() => {}), setImmediate(() => {})],
    } as Partial<ControlHandlers> as ControlHandlers,
    logger: silentLogger,
  });
  const kubeconfig = join(directory, 'kubeconfig');
  const config = makeKubeconfig({ url: server.url, ca: tls.cert, token: 'secret', cluster: 'test' });
  writeFileSync(kubeconfig, config, { mode: 0o600 });

  /** One raw request, as a client that is not ours sends it. */
  const call = (
    method: string,
    path: string,
    options: { body?: unknown; text?: string; headers?: object } = {},
  ) =>
    new Promise<{ status: number; text: string; json: () => Answer; headers: IncomingHttpHeaders }>(
      (resolve, reject) => {
        const body = options.text ?? (options.body === undefined ? '' : JSON.stringify(options.body));
        const headers = {
          authorization: 'Bearer secret',
          'content-length': Buffer.byteLength(body),
          ...options.headers,
        };
        // A test that claims another name must get as far as the server.
        const sent = request(
          {
            host: '127.0.0.1',
            port: server.port,
            path,
            method,
            ca: tls.cert,
            headers,
            agent: false,
            checkServerIdentity: () => undefined,
          },
          (response) => {
            let text = '';
            response.setEncoding('utf8').on('data', (piece: string) => (text += piece));
            response.on('end', () =>
              resolve({
                status: response.statusCode ?? 0,
                text,
                json: () => JSON.parse(text),
                headers: response.headers,
              }),
            );
            response.on('error', reject);
          },
        );
        sent.on('error', reject);
        sent.end(body);
      },
    );
  /** A watch as a client that is not ours opens it: the lines so far, and how it ended. */
  const follow = (path: string, more: object = {}) => {
    const told: Line[] = [];
    const watch = {
      told,
      isOpen: false,
      ended: '' as '' | 'cleanly' | 'broken',
      begin: () => {},
      stop: () => sent.destroy(),
    };
    const headers = { authorization: 'Bearer secret', ...more };
    const sent = request({ host: '127.0.0.1', port: server.port, path, ca: tls.cert, headers, agent: false });
    sent.on('error', () => {});
    sent.on('response', (response) => {
      let rest = '';
      watch.isOpen = true;
      response.on('end', () => {
        watch.ended = 'cleanly';
      });
      response.on('error', () => {
        watch.ended = 'broken';
      });
      watch.begin = () =>
        void response.setEncoding('utf8').on('data', (piece: string) => {
          const lines = (rest + piece).split('\n');
          rest = lines.pop() ?? '';
          told.push(...lines.map((line) => JSON.parse(line) as Line));
        });
      if (!path.includes('slowly')) watch.begin();
    });
    sent.end();
    return watch;
  };
  return {
    store,
    server,
    kubeconfig,
    ca: tls.cert,
    directory,
    edits,
    kept,
    call,
    follow,
    async close() {
      await server.close();
      rmSync(directory, { recursive: true });
    },
  };
}
