/**
 * The terminal UI: watches the daemon's objects, turns changes and keys into messages for `reduce`, carries out the effects, and draws
 * `present` of the model at most five times a second, and only what changed. It never acts on the serving but by the client.
 */
import { AppError, messageOf } from '../lib/app-error.js';
import { replayBindingsOf } from './keys.js';
import type { Heard } from './model/apply-changes.js';
import { type Effect, type Model, startModel, type Watched, watched } from './model/model.js';
import { type Message, reduce } from './model/reduce.js';
import { onTerminationSignal } from './on-termination-signal.js';
import { boundBacktracking } from './outside/bound-backtracking.js';
import { copyText } from './outside/copy-text.js';
import { editFile } from './outside/edit-file.js';
import { followDraft } from './outside/follow-draft.js';
import { holdWarnings } from './outside/hold-warnings.js';
import { readLogs } from './outside/read-logs.js';
import { runOnTerminal, runProgram } from './outside/run-program.js';
import { saveText } from './outside/save-text.js';
import { asciiGlyphs, unicodeGlyphs } from './present/glyphs.js';
import { type Frame, present } from './present/present.js';
import type { Replay, TuiClient } from './tui-client.js';
import { defaultConfig, type TuiConfig } from './tui-config.js';
import { openTerminal, type Terminal } from './widgets/screen.js';

export interface TuiOptions {
  readonly client: TuiClient;
  readonly cluster: string;
  /** What is said at the end, in the place of how to come back. */
  readonly goodbye?: string;
  readonly ascii?: boolean;
  /** What is shown is a recording: its time, its keys, and nothing that goes on running. */
  readonly replay?: Replay;
  readonly color?: boolean;
  /** How this program is called for this cluster: actions are command lines. Absent: there are none. */
  readonly program?: readonly string[];
  /** Nothing can be changed from here. */
  readonly readOnly?: boolean;
  /** The reader's settings; what is given beside them counts more. */
  readonly config?: TuiConfig;
  readonly input?: NodeJS.ReadableStream;
  readonly output?: NodeJS.WritableStream;
}

/** Quick enough to look live: what changes first after a rest is drawn at once, and so is the answer to a key. */
const liveFrameMs = 200;
/** After a frame that took long (thousands of pods) the next one waits this many times as long. */
const restPerDraw = 8;
/** With reduced motion what changes is shown once a second. */
const calmFrameMs = 1000;
const linesPerWheel = 3;
const tickMs = 1000;
const infoMs = 10_000;
const usageMs = 5000;
const noUsageMs = 60_000;
const draftMs = 500;

/**
 * Runs until the reader quits (resolves; what runs goes on running), or until something breaks (rejects with it, after the terminal
 * was given back). SIGTERM, SIGHUP and SIGINT give the terminal back and then end the process as they always do.
 */
export async function runTui(options: TuiOptions): Promise<void> {
  const { client, cluster, replay, config = defaultConfig } = options;
  const output = options.output ?? process.stdout;
  if (!(output as { isTTY?: boolean }).isTTY)
    throw new AppError('Usage', 'the terminal UI needs a terminal', { hint: 'minithena get modelservings' });
  if (process.env.TERM === 'dumb')
    throw new AppError('Usage', 'the terminal UI needs a terminal that can be drawn on: TERM=dumb is none', {
      hint: 'minithena get modelservings',
    });
  const glyphs = (options.ascii ?? config.ascii ?? asciiByDefault()) ? asciiGlyphs : unicodeGlyphs;
  let settle: { resolve(): void; reject(error: unknown): void } | undefined;
  const ended = new Promise<void>((resolve, reject) => {
    settle = { resolve, reject };
  });
  const frameMs = config.reducedMotion ? calmFrameMs : liveFrameMs;
  const stopping = new AbortController();
  let draftStop = new AbortController();
  let runStop = new AbortController();
  const newRun = (): AbortSignal => {
    runStop.abort();
    runStop = new AbortController();
    return AbortSignal.any([runStop.signal, stopping.signal]);
  };
  let heard: Heard[] = [];
  let lastDrawMs = 0;
  let drawTookMs = 0;
  let maxScroll = 0;
  let nextUsageMs = 0;
  let isLent = false;
  let drawTimer: NodeJS.Timeout | undefined;

  const terminal: Terminal = openTerminal({
    input: options.input ?? process.stdin,
    output,
    color: options.color ?? !process.env.NO_COLOR,
    term: process.env.TERM,
    theme: config.theme,
    mouse: config.mouse,
    onMouse: (what, row) => guard(() => onMouse(what, row)),
    onKey: (key, character) => guard(() => dispatch({ type: 'key', key, character, maxScroll }, 0)),
    onResize: () => guard(() => dispatch({ type: 'resized', size: terminal.size() }, 0)),
  });
  const logs = readLogs({
    client,
    onNews: () => drawSoon(frameMs),
    onEnd: (generation, stream, error) =>
      answer({ type: 'logEnd', generation, stream, message: error === undefined ? '' : withHint(error) }),
  });
  const { program = [], readOnly = config.readOnly } = options;
  let shown: Frame = { rows: [], maxScroll: 0 };
  let model: Model = {
    ...startModel(cluster, terminal.size()),
    replay: replay?.status(),
    can: { commands: program.length > 0, readOnly },
    bindings: replay ? replayBindingsOf(config.bindings) : config.bindings,
    theme: config.theme,
    mouse: config.mouse,
    flash: config.problems[0] === undefined ? undefined : { bad: true, text: config.problems.join('; ') },
  };

  function dispatch(message: Message, drawWithinMs: number): void {
    takeHeard();
    step(message);
    askUsage();
    drawSoon(drawWithinMs);
  }
  function onMouse(what: 'click' | 'wheelUp' | 'wheelDown', row: number): void {
    const id = shown.rows[row]?.id;
    if (what === 'click') {
      if (id !== undefined) dispatch({ type: 'click', id }, 0);
      return;
    }
    const key = what === 'wheelUp' ? 'up' : 'down';
    for (let left = linesPerWheel; left > 0; left--)
      dispatch({ type: 'key', key, character: '', maxScroll }, 0);
  }
  function step(message: Message): void {
    const next = reduce(model, message);
    model = next.model;
    for (const effect of next.effects) carryOut(effect);
  }
  /** What was heard since the last frame, as one message each. */
  function takeHeard(): void {
    const batch = heard;
    const log = logs.take();
    heard = [];
    if (batch.length > 0) step({ type: 'changes', batch });
    if (log.pieces.length > 0) step({ type: 'logText', ...log });
  }

  function drawSoon(withinMs: number): void {
    if (stopping.signal.aborted) return;
    if (drawTimer && withinMs > 0) return;
    clearTimeout(drawTimer);
    const waitMs =
      withinMs === 0
        ? 0
        : Math.max(0, lastDrawMs + Math.max(withinMs, drawTookMs * restPerDraw) - Date.now());
    drawTimer = setTimeout(() => guard(draw), waitMs);
  }
  function draw(): void {
    drawTimer = undefined;
    if (stopping.signal.aborted) return;
    takeHeard();
    lastDrawMs = Date.now();
    if (replay) model = { ...model, replay: replay.status() };
    shown = present(model, glyphs, replay?.nowMs() ?? lastDrawMs);
    maxScroll = shown.maxScroll;
    terminal.draw(shown.rows);
    drawTookMs = Date.now() - lastDrawMs;
  }

  async function lend<T>(use: () => Promise<T>): Promise<T> {
    isLent = true;
    try {
      return await terminal.lend(use);
    } finally {
      isLent = false;
    }
  }

  function carryOut(effect: Effect): void {
    switch (effect.type) {
      case 'quit':
        finish();
        return;
      case 'redraw':
        terminal.reset();
        return;
      case 'replay':
        replay?.[effect.action]();
        return;
      case 'suspend':
        terminal.suspend();
        return;
      case 'closeLogs':
        logs.close();
        return;
      case 'openDraft':
        draftStop = new AbortController();
        void followDraft({
          file: effect.file,
          everyMs: draftMs,
          basis: () => basisOf(model),
          plan: (text) => client.control.plan({ text, file: effect.file }),
          words: withHint,
          tell: (draft) => answer({ type: 'drafted', draft }),
          signal: AbortSignal.any([draftStop.signal, stopping.signal]),
        });
        return;
      case 'closeDraft':
        draftStop.abort();
        return;
      case 'openLog':
        logs.open(effect);
        return;
      case 'saveLog': {
        const { file, text, overwrite } = effect;
        saveText(file, text, overwrite).then(
          (isWritten) => answer({ type: 'saved', file, exists: !isWritten, problem: '' }),
          (error) => answer({ type: 'saved', file, exists: false, problem: messageOf(error) }),
        );
        return;
      }
      case 'run': {
        const { id, request, isShown } = effect;
        const signal = isShown ? newRun() : undefined;
        const ran = request.interactive
          ? lend(() => runOnTerminal([...program, ...request.words])).then(withoutLines)
          : runProgram([...program, ...request.words], signal);
        // What is ended from here has nothing to say.
        const tell = (exitCode: number, lines: readonly string[]) => {
          if (!signal?.aborted) answer({ type: 'ran', id, request, exitCode, lines });
        };
        ran.then(
          ({ exitCode, lines }) => tell(exitCode, lines),
          (error) => tell(1, [messageOf(error)]),
        );
        return;
      }
      case 'stopRun':
        runStop.abort();
        return;
      case 'edit':
        lend(() => editFile(effect)).then(
          (text) => answer({ type: 'said', bad: false, text }),
          (error) => answer({ type: 'said', bad: true, text: withHint(error) }),
        );
        return;
      case 'theme':
        terminal.setTheme(effect.theme);
        return;
      case 'mouse':
        terminal.setMouse(effect.on);
        return;
      case 'copy':
        terminal.copy(effect.text);
        copyText(effect.text);
        return;
      case 'askFailures': {
        const { key, namespace, pod } = effect;
        const asked = client.control.failures?.({ namespace, name: pod }) ?? Promise.resolve([]);
        asked.then(
          (failures) => answer({ type: 'failures', key, failures }),
          () => answer({ type: 'failures', key, failures: undefined }),
        );
        return;
      }
      case 'plan': {
        const { request, edit } = effect;
        const { namespace, name } = request;
        client.control.plan({ namespace, name, ...edit }).then(
          (planned) => answer({ type: 'planned', request, stages: planned[0]?.stages ?? [] }),
          (error) => answer({ type: 'refused', request, message: withHint(error) }),
        );
        return;
      }
      case 'scale': {
        const { request, edit } = effect;
        client.scale(request.namespace, request.name, edit).then(
          () => answer({ type: 'scaled', request }),
          (error) => answer({ type: 'refused', request, message: withHint(error) }),
        );
        return;
      }
    }
  }
  function answer(message: Message): void {
    if (!stopping.signal.aborted) guard(() => dispatch(message, frameMs));
  }

  function listen<K extends Watched>(resource: K): void {
    const hear = (change: Heard['change']) => {
      if (stopping.signal.aborted) return;
      heard.push({ resource, change });
      if (change.type === 'SYNCED' && resource === 'modelservings') askInfo();
      drawSoon(frameMs);
    };
    Promise.resolve(client.watch(resource, {}, hear, stopping.signal)).catch((error) =>
      hear({ type: 'DISCONNECTED', message: messageOf(error) }),
    );
  }
  /** Unanswered is no news: the state of the connection says it. */
  function askInfo(): void {
    client.control.info().then(
      (info) => answer({ type: 'info', info }),
      () => undefined,
    );
  }

  /** Only while the tree is looked at: measuring costs the engine something. Where nobody measures it is asked for rarely. */
  function askUsage(): void {
    if (!client.usage || model.view !== 'tree' || Date.now() < nextUsageMs) return;
    nextUsageMs = Number.POSITIVE_INFINITY;
    client.usage('pods', {}).then(
      (pods) => {
        nextUsageMs = Date.now() + usageMs;
        answer({ type: 'usage', pods });
      },
      () => {
        nextUsageMs = Date.now() + noUsageMs;
      },
    );
  }

  function guard(run: () => void): void {
    try {
      run();
    } catch (error) {
      finish(error);
    }
  }
  function finish(error?: unknown): void {
    if (stopping.signal.aborted) return;
    stopping.abort();
    logs.close();
    clearTimeout(drawTimer);
    clearInterval(tick);
    clearInterval(infoTick);
    process.off('uncaughtException', finish);
    process.off('unhandledRejection', finish);
    forgetSignals();
    terminal.close();
    tellWarnings();
    if (error === undefined) settle?.resolve();
    else settle?.reject(error);
  }

  boundBacktracking();
  const tellWarnings = holdWarnings();
  process.on('uncaughtException', finish);
  process.on('unhandledRejection', finish);
  const forgetSignals = onTerminationSignal(
    () => finish(),
    (signal) => isLent && (signal === 'SIGINT' || signal === 'SIGQUIT'),
  );
  // A terminal that is gone cannot be drawn on, and says so by errors of its streams.
  output.on('error', () => finish());
  (options.input ?? process.stdin).once('end', () => finish());
  const tick = setInterval(() => {
    if (model.view !== 'help') drawSoon(frameMs);
    askUsage();
  }, tickMs);
  const infoTick = setInterval(askInfo, infoMs);
  askInfo();
  for (const resource of watched) listen(resource);
  replay?.play();
  drawSoon(0);
  await ended;
  if (replay) return;
  const name = cluster === 'default' ? '' : ` --cluster ${cluster}`;
  output.write(
    options.goodbye !== undefined
      ? `${options.goodbye}\n`
      : `Everything goes on running. minithena tui${name} shows it again; minithena stop${name} ends the daemon and leaves the containers; minithena down${name} removes everything.\n`,
  );
}

/** Changes whenever a plan may come out otherwise. */
const basisOf = ({ data }: Model): string =>
  [...data.modelservings.values(), ...data.servinggroups.values()]
    .map(({ metadata, status }) => `${metadata.resourceVersion} ${JSON.stringify(status)}`)
    .join();

const withoutLines = (exitCode: number) => ({ exitCode, lines: [] });

function withHint(error: unknown): string {
  const hint = (error as { hint?: unknown } | undefined)?.hint;
  return typeof hint === 'string' && hint !== '' ? `${messageOf(error)} (${hint})` : messageOf(error);
}

/** The Linux console has no emoji, and a locale that is not UTF-8 says that its terminal has none. */
function asciiByDefault(): boolean {
  const { TERM, LC_ALL, LC_CTYPE, LANG } = process.env;
  const locale = LC_ALL || LC_CTYPE || LANG || '';
  return TERM === 'linux' || (locale !== '' && !/utf-?8/i.test(locale));
}
