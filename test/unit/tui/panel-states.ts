/** Every panel in every state: a row per panel, a column per state. */
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
};
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
  tiny: { model: models.failing, columns: 20, rows: 5 },
  ascii: { model: models.failing, glyphs: asciiGlyphs },
  'ascii-any-script': { model: models.anyScript, glyphs: asciiGlyphs },
};

export const panelStates = Object.entries(panels).flatMap(([panel, open]) =>
  Object.entries(states).map(
    ([state, { model, columns = 80, rows = 24, glyphs }]) =>
      [`${panel}-${state}`, open(model), columns, rows, glyphs] as [string, Model, number, number, Glyphs?],
  ),
);
