/** Every panel in every state: a row per panel, a column per state. */
import { commandEnded } from '../../../src/tui/model/act-on-line.js';
import { addToLog } from '../../../src/tui/model/log-state.js';
import type { Model } from '../../../src/tui/model/model.js';
import { reduce } from '../../../src/tui/model/reduce.js';
import { asciiGlyphs, type Glyphs } from '../../../src/tui/present/glyphs.js';
import { pressKeys } from './press-keys.js';
import * as models from './sample-models.js';

/** How the panel is opened. What is asked about is the pod that is in trouble, where there is one. */
const panels: Readonly<Record<string, (model: Model) => Model>> = {
  board: (model) => model,
  stages: (model) => pressKeys(model, 's').model,
  tree: (model) => pressKeys(model, 't', 'G').model,
  why: (model) => withFailures(pressKeys(model, 'G', 'y').model),
  events: (model) => pressKeys(model, 'e').model,
  details: (model) => pressKeys(model, 'G', 'd').model,
  logs: (model) => withLog(pressKeys(model, 'G', 'l').model),
  help: (model) => pressKeys(model, '?').model,
  palette: (model) => pressKeys(model, ':').model,
  output: (model) => {
    const asked = pressKeys(
      { ...model, can: { commands: true, readOnly: false } },
      ':',
      ...'get pods',
      'enter',
    ).model;
    const lines = [
      'error: the daemon does not answer: connect ECONNREFUSED',
      '模型 n\u0303o\u0304 👩‍🔬',
      '  try minithena up',
    ];
    return asked.output ? commandEnded(asked, { ...asked.output, exitCode: 3, lines }) : asked;
  },
};
/** Panels that are the same whatever runs, beside the header that the others show too. */
const fewStates: Readonly<Record<string, readonly string[]>> = {
  help: ['normal', 'replay-paused', 'small'],
  palette: ['normal', 'empty', 'daemon-gone', 'small', 'ascii-any-script'],
  output: ['normal', 'daemon-gone', 'small', 'ascii'],
};
const logText = `loading\r\n\x1b[31mERROR\x1b[0m no GPU \x1b]0;owned\x07\n模型 n\u0303o\u0304 か\u0323 👩‍🔬 שלום\ta tab\n${'long '.repeat(30)}\n\x00\x01\xff binary\n`;
const withLog = (model: Model): Model =>
  model.logs ? { ...model, logs: addToLog(model.logs, [{ stream: 0, text: logText, skipped: 0 }]) } : model;
/** What the daemon answers when Why asks for failures: none. */
const withFailures = (model: Model): Model =>
  model.why ? reduce(model, { type: 'failures', key: model.why.evidence.key, failures: [] }).model : model;

const states: Readonly<Record<string, { model: Model; columns?: number; rows?: number; glyphs?: Glyphs }>> = {
  empty: { model: models.nothing },
  loading: { model: models.connecting },
  normal: { model: models.running },
  'long-names': { model: models.longNames },
  'any-script': { model: models.anyScript },
  failing: { model: models.failing },
  'engine-down': { model: models.engineDown },
  'daemon-gone': { model: models.daemonLost },
  'replay-paused': { model: models.replayed },
  'replay-ended': { model: models.replayEnded },
  small: { model: models.failing, columns: 40, rows: 10 },
  ascii: { model: models.failing, glyphs: asciiGlyphs },
  'ascii-any-script': { model: models.anyScript, glyphs: asciiGlyphs },
};

export const panelStates = Object.entries(panels).flatMap(([panel, open]) =>
  Object.entries(states)
    .filter(([state]) => fewStates[panel]?.includes(state) ?? true)
    .map(
      ([state, { model, columns = 80, rows = 24, glyphs }]) =>
        [`${panel}-${state}`, open(model), columns, rows, glyphs] as [string, Model, number, number, Glyphs?],
    ),
);

/** Each panel where something is wrong, on a terminal that shows no colour. */
export const panelsWithoutColour = Object.entries(panels).map(([panel, open]) => ({
  name: `${panel}-without-colour`,
  model: open(models.failing),
  columns: 80,
  rows: 24,
  color: false,
}));
