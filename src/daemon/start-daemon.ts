import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { annotation } from '../api/labels.js';
import { pullWords } from '../api/pull-override.js';
import { makeCertificate } from '../apiserver/make-certificate.js';
import { makeKubeconfig } from '../apiserver/make-kubeconfig.js';
import { startApiServer } from '../apiserver/start-api-server.js';
import { collectGarbage } from '../controller/collect-garbage.js';
import { endNamespaces } from '../controller/end-namespaces.js';
import { keepRevisions } from '../controller/keep-revisions.js';
import { planEdit } from '../controller/plan-edit.js';
import { startController } from '../controller/start-controller.js';
import { meteredEngine } from '../kubelet/metered-engine.js';
import { startKubelet } from '../kubelet/start-kubelet.js';
import { AppError, messageOf } from '../lib/app-error.js';
import { systemClock } from '../lib/clock.js';
import { programVersion } from '../lib/program-version.js';
import { statePath } from '../lib/state-path.js';
import { restoreSupporting } from '../manifests/restore-supporting.js';
import { startManifests } from '../manifests/start-manifests.js';
import { startScheduler } from '../scheduler/start-scheduler.js';
import { createObjectStore } from '../store/create-object-store.js';
import { startJournal } from '../store/journal.js';
import { keepObjects } from '../store/kept-objects.js';
import { openObjectFiles } from '../store/object-files.js';
import { openRecords } from '../store/records.js';
import { openWatchedMarks } from '../store/watched-marks.js';
import { openEngine } from './open-engine.js';
import { openLogger } from './open-logger.js';
import { openNode } from './open-node.js';
import { openState } from './open-state.js';
import { recallServings } from './recall-servings.js';
import { removeServings } from './remove-servings.js';
import { restoreStore } from './restore-store.js';
import { takeLock } from './take-lock.js';

export interface DaemonOptions {
  cluster: string;
  /** Absent: what the cluster ran on before, else docker. */
  engine?: 'docker' | 'simulated';
  host?: string;
  /** Absent: those it followed before, else ordinal. */
  rules?: 'ordinal' | 'upstream';
  adopt: boolean;
}

/**
 * Builds all parts and wires them. What is known from before comes first, then what runs, then what the files say; only then decisions begin.
 * Throws what keeps it from starting, and has taken nothing then. `onStop` is called when a client asks for the end.
 */
export async function startDaemon(
  options: DaemonOptions,
  onStop: () => void,
): Promise<{ close(): Promise<void> }> {
  const { cluster } = options;
  const clock = systemClock;
  const directory = statePath(cluster);
  makeDirectory(directory);
  const closers: (() => Promise<void> | void)[] = [];
  const close = async () => {
    for (const each of closers.splice(0).reverse()) await each();
  };
  try {
    const lock = takeLock(directory);
    closers.push(() => lock.release());
    const state = openState(directory);
    const { rules = state.current.rules ?? 'ordinal' } = options;
    if (options.rules !== undefined) state.update({ rules });
    const logger = openLogger(directory);
    logger.info({ version: programVersion(), pid: process.pid, ...options }, 'starting');

    const onProblem = (message: string) => logger.error({}, message);
    const marks = openWatchedMarks(directory, onProblem);
    const store = createObjectStore({ clock, recall: marks.recall });
    const records = openRecords(directory, (message) => logger.error({}, message));
    restoreStore(store, records);
    const kept = keepObjects({
      store,
      clock,
      files: openObjectFiles(directory, onProblem),
      marks,
      onProblem,
    });
    closers.push(() => kept.close());
    const journal = startJournal({ directory, store, logger });
    closers.push(() => journal.close());

    const { engine, calls: engineCalls } = meteredEngine(
      await openEngine({
        name: cluster,
        kind: options.engine ?? (state.current.engineId === 'simulated' ? 'simulated' : 'docker'),
        ...(options.host !== undefined && { host: options.host }),
        adopt: options.adopt,
        state,
        logger,
      }),
    );
    closers.push(() => engine.close());
    const identity = { name: cluster, id: state.current.clusterId };
    const info = await engine.info();
    const node = await openNode({ store, clock, info, state, logger });
    await restoreSupporting(store, state.current.files);
    const onContact = () => node.tell(kubelet.engineState());
    const kubelet = startKubelet({
      engine,
      store,
      clock,
      logger,
      cluster: identity,
      stateDir: directory,
      onContact,
      pullOverride: () => pullWords[state.current.pull ?? 'default'],
    });
    closers.push(() => kubelet.close());
    await kubelet.ready;

    const manifests = startManifests({
      store,
      clock,
      logger,
      annotationsFor: (file) =>
        state.current.standIn.some((path) => file === path || file.startsWith(`${path}/`))
          ? { [annotation.standIn]: 'true' }
          : {},
    });
    closers.push(() => manifests.close());
    const recalled = await recallServings({ engine, store, records, clock, rules });
    await recalled.recall(state.current.files);
    await manifests.add(state.current.files, { strict: false });
    const isInDoubt =
      recalled.isWaiting() || manifests.diagnostics().some((each) => each.severity === 'error');
    if (!isInDoubt) await kubelet.removeLeftovers(false);

    const scheduler = startScheduler({ store, clock });
    closers.push(() => scheduler.close());
    const controller = startController({ store, clock, records, logger, rules });
    closers.push(() => controller.close());
    const revisions = keepRevisions({ store, records });
    closers.push(() => revisions.close());
    const namespaces = endNamespaces({ store, kept, clock });
    closers.push(() => namespaces.close());
    // An owner that nobody has found again yet is not gone.
    if (!isInDoubt) kept.forgetAbsent();
    const garbage = isInDoubt ? undefined : collectGarbage({ store, kept });
    closers.push(() => garbage?.close());

    const tls = state.current.tls ?? (await makeCertificate());
    const server = await startApiServer({
      store,
      kept,
      eventsKept: () => journal.written(),
      tls,
      token: state.current.token,
      port: state.current.port,
      kubelet,
      commit: manifests.commit,
      commitSupporting: manifests.commitSupporting,
      logger,
      rules,
      work: () => ({
        isEngineReachable: kubelet.engineState().reachable,
        queues: {
          controller: controller.figures(),
          kubelet: kubelet.figures(),
          scheduler: scheduler.figures(),
          files: manifests.figures(),
        },
        engineCalls,
      }),
      control: {
        info: () => ({
          version: programVersion(),
          cluster,
          clusterId: identity.id,
          pid: process.pid,
          engine: { kind: info.kind, version: info.version, ...kubelet.engineState() },
          stateDir: directory,
          files: manifests.paths(),
          diagnostics: manifests.diagnostics(),
          rules,
          node: node.summary(),
          pull: state.current.pull ?? 'default',
        }),
        async up({ files, standIn, node: said, pull }) {
          if (pull) state.update({ pull });
          if (said) node.change(said);
          const others = state.current.standIn.filter((file) => !files.includes(file));
          if (standIn !== undefined) state.update({ standIn: standIn ? [...others, ...files] : others });
          await recalled.recall(files);
          await manifests.add(files, { strict: true });
          state.update({ files: manifests.paths() });
        },
        async down(request) {
          const answer = await removeServings({ store, kept, manifests, kubelet, engine, cluster }, request);
          const files = manifests.paths();
          state.update({ files, standIn: state.current.standIn.filter((file) => files.includes(file)) });
          return answer;
        },
        sync: () => manifests.sync(),
        stop: onStop,
        failures: (pod) => kubelet.failures(pod),
        drill: (request) => kubelet.drill(request),
        plan: (request) => planEdit(store, controller, request),
      },
    });
    closers.push(() => server.close());
    state.update({ port: server.port, tls });
    const config = makeKubeconfig({ url: server.url, ca: tls.cert, token: state.current.token, cluster });
    writeFileSync(join(directory, 'kubeconfig'), config, { mode: 0o600 });
    logger.info({ url: server.url }, 'ready');
    return { close };
  } catch (error) {
    await close();
    throw error;
  }
}

function makeDirectory(directory: string): void {
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new AppError('StateNotWritable', `${directory} cannot be made: ${messageOf(error)}`, {
      hint: 'give this user the right to write there, or point XDG_STATE_HOME elsewhere',
      cause: error,
    });
  }
}
