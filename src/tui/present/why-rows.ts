import { annotation } from '../../api/labels.js';
import { timeOfEvent } from '../../api/time-of-event.js';
import type { KubeEvent } from '../../api/types/resources.js';
import { stripControl } from '../../lib/strip-control.js';
import { containerStates } from '../model/container-state.js';
import { isOfPodBefore } from '../model/events-about.js';
import { nextTry } from '../model/next-try.js';
import type { TreeLine } from '../model/tree-line.js';
import { explain, type Why } from '../model/why.js';
import { cellWidth, fitText, wrapText } from '../text/cell-width.js';
import { cleanText } from '../text/clean-text.js';
import { age } from './age.js';
import type { Context } from './context.js';
import { pullText } from './pull-text.js';
import { type Row, row, type Style, span } from './styled.js';
import { withoutSubject } from './without-subject.js';

const logLines = 12;

/** The chain of reasons from the ModelServing to the cause, what is known about it, and what to try. Nothing is cut. */
export function whyRows(context: Context): Row[] {
  const { model } = context;
  const why = model.why && explain(model, model.why.id);
  if (!why) return [row(span('it is gone', 'dim'))];
  const next = nextTry(model, why);
  const serving = model.data.modelservings.get(why.subject.serving);
  const invalid = serving?.metadata.annotations?.[annotation.invalidSpec];
  return [
    ...headline(context, why),
    ...said(context, 'Try', next === '' ? [] : [next], 'key'),
    ...(invalid === undefined ? [] : said(context, 'The file', [`not in force: ${invalid}`], 'bad')),
    // What it said last tells more than where it stands.
    ...failureRows(context, why),
    row(),
    row(span('Because', 'title')),
    ...why.chain.flatMap((line, index) =>
      chainRows(context, line, line.id === why.subject.id, why.chain[index - 1]?.reason),
    ),
    ...(why.others > 0 ? [row(span(`  and ${why.others} more that are not as wanted`, 'dim'))] : []),
    ...said(
      context,
      'Waiting for',
      why.holds
        .filter((hold) => !why.chain.some((line) => line.reason === `${hold.reason}: ${hold.message}`))
        .map(
          ({ subject, reason, message }) =>
            `${subject || 'ModelServing'} ${reason}: ${pullText(withoutSubject(message, `${subject} `), context.glyphs)}`,
        ),
    ),
    ...said(context, 'Scheduler', why.scheduling ? [why.scheduling] : [], 'bad'),
    ...said(
      context,
      'Probes',
      why.probes.map((event) => eventText(context, event)),
      'bad',
    ),
    ...said(
      context,
      'Events, newest first',
      why.events.map((event) => eventText(context, event)),
    ),
  ];
}

function headline({ glyphs, columns }: Context, { subject, culprit, gone }: Why): Row[] {
  const level = subject.level;
  const text =
    level === 'good'
      ? subject.restarts > 0 || (culprit && subject.kind !== 'pod' && subject.kind !== 'container')
        ? `${subject.name} is ${subject.word}; what failed before is below`
        : `${subject.name} is ${subject.word}: nothing is wrong`
      : `${subject.name} is ${subject.word}${subject.kind === 'container' ? '' : ` (${subject.readyText} ready)`}`;
  return [
    ...wrapText(cleanText(gone === undefined ? '' : `${gone} is gone; this is what it belonged to:`), columns)
      .filter(Boolean)
      .map((line) => row(span(line, 'dim'))),
    ...wrapText(cleanText(`${glyphs.level[level]} ${text}`), columns).map((line) => row(span(line, level))),
  ];
}

/** What the line above said is not said again. */
function chainRows({ glyphs, columns }: Context, line: TreeLine, isSubject: boolean, above = ''): Row[] {
  const indent = `${isSubject ? glyphs.pointer : ' '} ${'  '.repeat(line.depth)}`;
  const word = cleanText(`${glyphs.level[line.level]} ${line.word}`);
  const room = Math.max(12, columns - indent.length - cellWidth(word) - 2);
  const name = fitText(cleanText(line.name), room, glyphs.ellipsis, line.kind === 'pod');
  const rest = wrapText(pullText(cleanText(line.reason), glyphs), Math.max(16, columns - indent.length - 2));
  const hasReason = line.reason !== '' && !above.endsWith(line.reason);
  return [
    row(indent, span(`${name}  `, isSubject ? 'bold' : 'plain'), span(word, line.level)),
    ...(hasReason ? rest.map((text) => row(`${' '.repeat(indent.length + 2)}`, text)) : []),
  ];
}

/** A title and its texts, wrapped; nothing without texts. */
function said({ columns }: Context, title: string, texts: readonly string[], style: Style = 'plain'): Row[] {
  if (texts.length === 0) return [];
  const rows = texts.flatMap((text) =>
    wrapText(cleanText(text), Math.max(16, columns - 4)).map((line, index) =>
      row(index === 0 ? '  ' : '    ', span(line, style)),
    ),
  );
  return [row(), row(span(title, 'title')), ...rows];
}

function eventText({ model, nowMs }: Context, event: KubeEvent): string {
  const repeated = event.count > 1 ? `, ${event.count} times` : '';
  const whose = isOfPodBefore(model, event) ? ', the pod before' : '';
  return `${age(timeOfEvent(event), nowMs)} ago${repeated}${whose}: ${event.reason}: ${event.message}`;
}

/** The last failed run with the end of its log; before the daemon's answer, what the pod's own status says. */
function failureRows(context: Context, { culprit, blamed }: Why): Row[] {
  const evidence = context.model.why?.evidence;
  const [run] = evidence?.failures ?? [];
  if (!blamed) return [];
  if (!run) {
    const states = culprit ? containerStates(culprit) : [];
    const ended = states.flatMap(({ name, status }) => {
      const last = status?.state?.terminated ?? status?.lastState?.terminated;
      return last && last.exitCode !== 0
        ? [
            `container ${name}: ${last.reason ?? 'Error'}, exit code ${last.exitCode}${last.message ? `: ${last.message}` : ''}`,
          ]
        : [];
    });
    const note = evidence?.state === 'refused' ? ['the daemon did not tell what it keeps of it'] : [];
    return said(context, 'Last failure', ended.length > 0 ? [...ended, ...note] : []);
  }
  const when = run.finishedAt ? ` ${age(run.finishedAt, context.nowMs)} ago` : '';
  const signal = run.signal ? ` (${run.signal})` : '';
  const log = stripControl(run.log)
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '')
    .slice(-logLines);
  return [
    ...said(
      context,
      'Last failure',
      [
        `container ${run.container} of ${run.pod}${when}: ${run.reason}, exit code ${run.exitCode}${signal}, run ${run.attempt + 1}`,
        // The fallback of Kubernetes for it is the end of the log, which is below.
        ...(run.message && !run.log.includes(run.message.trim()) ? [run.message] : []),
      ],
      'bad',
    ),
    ...log.map((line) => row(span('  | ', 'dim'), cleanText(line))),
    ...(log.length === 0 ? [row(span('  it wrote no log', 'dim'))] : []),
  ];
}
