import { basename } from 'node:path';
import { annotation } from '../../api/labels.js';
import type { ModelServing } from '../../api/types/model-serving.js';
import { clockText } from '../../lib/clock-text.js';
import { keyOf, type Model } from '../model/model.js';
import { selectedServing, servingsOf } from '../model/selected-serving.js';
import { cellWidth, fitText, wrapText } from '../text/cell-width.js';
import { cleanText } from '../text/clean-text.js';
import type { ReplayStatus } from '../tui-client.js';
import type { Context } from './context.js';
import type { Glyphs } from './glyphs.js';
import { type Row, row, rowWidth, type Span, span } from './styled.js';

/** ModelServings that a key of their own shows. */
const numbered = 9;
/** Cells that a long name leaves to the condition, and those that it has anyway. */
const leastCondition = 22;
const leastName = 12;

/** Cluster, engine and connection; the ModelServing and its condition; its numbers unless `small`; a banner while a file is not valid. */
export function headerRows(context: Context, small: boolean): Row[] {
  const [condition, numbers] = servingRows(context);
  return [
    clusterRow(context),
    ...(condition ? [condition] : []),
    ...(numbers && !small ? [numbers] : []),
    ...bannerRows(context),
  ];
}

function clusterRow({ model, glyphs, columns }: Context): Row {
  const sep = span(`  ${glyphs.separator}  `, 'dim');
  const start = row(
    span(`minithena ${model.cluster}`, 'title'),
    sep,
    model.replay ? replaySpan(model.replay, glyphs) : connectionSpan(model, glyphs),
    sep,
    engineSpan(model),
  );
  const servings = servingsOf(model);
  const shown = selectedServing(model);
  if (!shown || servings.length < 2) return start;
  const tabs = tabSpans(servings, shown);
  if (servings.length <= numbered && rowWidth(start) + rowWidth(row(sep, ...tabs)) <= columns)
    return row(...start.spans, sep, ...tabs);
  const text = `[${servings.indexOf(shown) + 1} of ${servings.length}: tab]`;
  return row(...start.spans, sep, span(text, 'bold'));
}

/** Their namespaces too where there are several. */
function tabSpans(servings: readonly ModelServing[], shown: ModelServing): Span[] {
  const isOne = new Set(servings.map((each) => each.metadata.namespace)).size === 1;
  return servings.flatMap((each, index) => {
    const text = `${index + 1}:${isOne ? each.metadata.name : keyOf(each)}`;
    return [span(index > 0 ? ' ' : ''), each === shown ? span(`[${text}]`, 'bold') : span(text, 'dim')];
  });
}

/** `replay 0:12 / 1:40 · 4x` */
function replaySpan(
  { positionMs, lengthMs, speed, paused, ended }: ReplayStatus,
  { separator }: Glyphs,
): Span {
  const rate = speed === 'max' ? 'max' : `${speed}x`;
  const state = ended ? ` ${separator} end` : paused ? ` ${separator} paused` : '';
  const text = `replay ${clockText(positionMs)} / ${clockText(lengthMs)} ${separator} ${rate}${state}`;
  return span(text, paused || ended ? 'busy' : 'good');
}

function connectionSpan({ connection }: Model, glyphs: Context['glyphs']): Span {
  if (connection.state === 'live') return span(`${glyphs.live} live`, 'good');
  if (connection.state === 'connecting') return span(`${glyphs.lost} connecting`, 'busy');
  return span(`${glyphs.lost} daemon lost`, 'bad');
}

function engineSpan(model: Model): Span {
  const { info } = model;
  const name = info ? cleanText(`${info.engine.kind} ${info.engine.version}`.trim()) : 'engine ?';
  return engineTrouble(model) === undefined
    ? span(name, info ? 'plain' : 'dim')
    : span(`${name} does not answer`, 'bad');
}

/** Why the engine does not answer; the Node says at once that it is gone, the daemon's own words say why. undefined: it answers. */
export function engineTrouble({ info, data }: Model): string | undefined {
  const ready = [...data.nodes.values()][0]?.status?.conditions?.find((each) => each.type === 'Ready');
  if (ready ? ready.status === 'True' : info?.engine.reachable !== false) return undefined;
  return ready?.message || info?.engine.message || 'no reason is known';
}

function servingRows(context: Context): Row[] {
  const { model, glyphs, columns } = context;
  const serving = selectedServing(model);
  if (!serving) {
    if (!model.synced.has('modelservings')) return [row(span('waiting for the daemon', 'busy'))];
    return [
      model.replay
        ? row('No ModelServing at this point of the recording.')
        : row('No ModelServing. ', span('minithena up FILE', 'bold'), ' adds one.'),
    ];
  }
  const { status, metadata, spec } = serving;
  const generation =
    status?.observedGeneration === metadata.generation
      ? `generation ${metadata.generation} observed`
      : `generation ${metadata.generation}, observed ${status?.observedGeneration ?? 0}`;
  const file = metadata.annotations?.[annotation.file];
  const running = `${status?.availableReplicas ?? 0}/${spec.replicas} groups Running`;
  const revision = status?.updateRevision ? revisionWords(status) : '';
  const isRolling = revision.includes('→');
  const place = file === undefined ? '' : cleanText(file);
  const numbers = inRoom(
    context,
    isRolling ? [running, revision, generation, place] : [running, generation, place, revision],
    place,
  );
  const name = fitText(
    cleanText(keyOf(serving)),
    Math.max(leastName, columns - leastCondition),
    glyphs.ellipsis,
  );
  return [row(span(name, 'bold'), '  ', ...conditionSpans(serving, glyphs)), row(span(numbers, 'dim'))];
}

/** The parts that have room, the first ones first, each whole; of `path` its last name will do. */
function inRoom({ columns, glyphs }: Context, parts: readonly string[], path: string): string {
  const sep = ` ${glyphs.separator} `;
  return parts.filter(Boolean).reduce((text, part) => {
    const before = text === '' ? '' : text + sep;
    const room = columns - cellWidth(before);
    const fitting = [part, ...(part === path ? [basename(path)] : [])].find(
      (each) => cellWidth(each) <= room,
    );
    return fitting === undefined && before !== '' ? text : before + (fitting ?? part);
  }, '');
}

const revisionWords = (status: {
  updateRevision: string;
  currentRevision: string;
  updatedReplicas: number;
}): string =>
  status.currentRevision === status.updateRevision || status.currentRevision === ''
    ? `revision ${status.updateRevision}`
    : `revision ${status.currentRevision} → ${status.updateRevision} (${status.updatedReplicas} updated)`;

function conditionSpans(
  serving: NonNullable<ReturnType<typeof selectedServing>>,
  glyphs: Context['glyphs'],
): Span[] {
  if (serving.metadata.deletionTimestamp)
    return [span(`${glyphs.level.busy} Deleting`, 'busy'), span('  until its last container is gone', 'dim')];
  const conditions = serving.status?.conditions ?? [];
  const isTrue = (type: string) => conditions.find((each) => each.type === type && each.status === 'True');
  const available = isTrue('Available');
  if (available)
    return [span(`${glyphs.level.good} Available`, 'good'), span(`  ${cleanText(available.message)}`, 'dim')];
  const other = isTrue('UpdateInProgress') ?? isTrue('Progressing');
  if (!other) return [span(`${glyphs.level.busy} not seen by the controller yet`, 'busy')];
  return [span(`${glyphs.level.busy} ${other.type}`, 'busy'), span(`  ${cleanText(other.message)}`)];
}

/** At most two lines each: what is wrong, and that what runs is not touched by it. */
export function bannerRows({ model, glyphs, columns }: Context): Row[] {
  const { connection } = model;
  const engine = engineTrouble(model);
  const spec = specTrouble(model);
  const texts = [
    ...(connection.state === 'lost'
      ? [`DAEMON LOST ${connection.message} (trying again; what is shown is old)`]
      : []),
    ...(engine === undefined ? [] : [`ENGINE AWAY ${engine} (nothing is decided until it is back)`]),
    ...(spec === undefined ? [] : [`SPEC INVALID ${spec}`]),
  ];
  return texts.flatMap((text) =>
    wrapText(cleanText(`${glyphs.level.bad} ${text}`), columns)
      .slice(0, 2)
      .map((line) => row(span(line, 'bad'))),
  );
}

export function specTrouble(model: Model): string | undefined {
  const serving = selectedServing(model);
  const own = serving?.metadata.annotations?.[annotation.invalidSpec];
  // A file in force says it by its ModelServing, at once; what the daemon said of itself may be some seconds old.
  const files = new Set(servingsOf(model).map((each) => each.metadata.annotations?.[annotation.file]));
  const other = model.info?.diagnostics.find((each) => each.severity === 'error' && !files.has(each.file));
  const text = own ?? (other && `${other.code} ${other.file}:${other.line}:${other.column} ${other.message}`);
  return text && serving ? `${text} (the last good spec stays in force)` : text;
}
