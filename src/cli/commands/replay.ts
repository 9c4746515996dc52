import { readFileSync } from 'node:fs';
import type { ScalingOperation } from '../../api/types/resources.js';
import { AppError, messageOf } from '../../lib/app-error.js';
import { systemClock } from '../../lib/clock.js';
import { clockText } from '../../lib/clock-text.js';
import type { CliContext } from '../cli-context.js';
import { formatObjects, parseOutputFormat } from '../print/output-format.js';
import { stageLines } from '../print/stage-lines.js';
import { type Player, parseSpeed, player } from '../recording/player.js';
import { readRecording } from '../recording/read-recording.js';
import { recordingClient } from '../recording/recording-client.js';
import type { Recording } from '../recording/recording-format.js';
import { replayLines } from '../recording/replay-lines.js';
import { usageError } from '../usage-error.js';

interface ReplayOptions {
  readonly speed?: string;
  readonly start?: number;
  readonly plain?: boolean;
  readonly output?: string;
}

/** `replay`: a recording on the board, as plain lines off a terminal, or its stage tables with `-o`. Asks neither daemon nor engine. */
export async function replay(context: CliContext, file: string, options: ReplayOptions): Promise<number> {
  const { output, env } = context;
  const format = parseOutputFormat(options.output);
  const speed = parseSpeed(options.speed ?? '1x');
  if (speed === undefined) throw usageError(`--speed ${options.speed}: a factor such as 4x or 0.5x, or max`);
  const recording = readRecording(file, textOf(file));
  const { lengthMs } = recording;
  const startMs = options.start ?? 0;
  if (startMs > lengthMs)
    throw usageError(`--start ${clockText(startMs)} is after the end`, `it is ${clockText(lengthMs)} long`);
  if (recording.cutShort)
    output.progress(`${file}: the last line is only half there and left out: the recorder was killed`);
  if (options.output !== undefined) {
    const operations = operationsOf(recording);
    if (format.type !== 'table') {
      const found = operations.map((object) => ({ resource: 'scalingoperations' as const, object }));
      output.raw(await formatObjects(format, found, false));
      return 0;
    }
    for (const { metadata, spec, status } of operations) {
      output.data(output.stdout.bold(`${metadata.name}: ${spec.change} (${status.phase})`));
      for (const line of stageLines(status.stages, output.stdout)) output.data(line);
    }
    return 0;
  }
  const playing = player(recording, systemClock, { speed, startMs });
  const onTerminal =
    output.stdout.isTerminal && file !== '-' && !options.plain && !env.CI && env.TERM !== 'dumb';
  try {
    if (onTerminal) await onBoard(context, recording, playing);
    else await asLines(context, recording, playing);
  } finally {
    playing.stop();
  }
  return 0;
}

async function onBoard({ options, output, env }: CliContext, recording: Recording, playing: Player) {
  const [{ runTui }, { readTuiConfig }] = await Promise.all([
    import('../../tui/run-tui.js'),
    import('../../tui/outside/read-tui-config.js'),
  ]);
  const client = recordingClient(recording);
  await runTui({
    client,
    cluster: recording.header.cluster,
    ...(options.ascii !== undefined && { ascii: options.ascii }),
    color: output.stdout.color,
    config: readTuiConfig(env),
    replay: {
      ...playing,
      play: () => playing.play(client.hear),
      nowMs: () => recording.startedMs + playing.status().positionMs,
    },
  });
}

function asLines(context: CliContext, recording: Recording, playing: Player): Promise<void> {
  const { output, signal } = context;
  const linesOf = replayLines(recording.startedMs);
  return new Promise((resolve) => {
    // The clock's own timers keep no process alive.
    const alive = setInterval(() => {}, 60_000);
    const finish = () => {
      clearInterval(alive);
      resolve();
    };
    signal.addEventListener('abort', finish, { once: true });
    const last = recording.changes.at(-1);
    playing.play((change) => {
      if (signal.aborted) return;
      const time = new Date(recording.startedMs + change.atMs).toTimeString().slice(0, 8);
      for (const { level, subject, word, reason } of linesOf(change)) {
        const text = `${subject} ${word}${reason ? `: ${reason}` : ''}`.replaceAll('\n', ' ');
        output.data(`${time} ${output.stdout.glyph(level)} ${text}`);
      }
      if (change === last) finish();
    });
  });
}

/** Each operation as it was last seen, also those that have gone since. */
export function operationsOf(recording: Recording): ScalingOperation[] {
  const found = new Map<string, ScalingOperation>();
  for (const change of recording.changes)
    if ('object' in change && change.kind === 'ScalingOperation') {
      const { name, namespace } = change.object.metadata;
      found.set(`${namespace}/${name}`, change.object as ScalingOperation);
    }
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, operation]) => operation);
}

function textOf(file: string): string {
  try {
    return readFileSync(file === '-' ? 0 : file, 'utf8');
  } catch (error) {
    throw new AppError('FileMissing', `${file} cannot be read: ${messageOf(error)}`, {
      hint: 'make one with: minithena record FILE',
    });
  }
}
