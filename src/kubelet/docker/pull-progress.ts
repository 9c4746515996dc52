import type { PullProgress } from '../engine.js';

export interface PullLine {
  id?: string;
  status?: string;
  progressDetail?: { current?: number; total?: number };
}

/** Adds up the engine's lines, each about one layer, to what a person asks for. */
export function pullProgress(): (line: PullLine) => PullProgress {
  const layers = new Map<string, { done: number; total: number; isDone: boolean }>();
  return ({ id, status = '', progressDetail = {} }) => {
    const isAnnounced = /^(Pulling fs layer|Waiting|Already exists)/.test(status);
    if (id !== undefined && (isAnnounced || layers.has(id))) {
      const before = layers.get(id) ?? { done: 0, total: 0, isDone: false };
      const total = progressDetail.total ?? before.total;
      const isDone = /^(Already exists|Pull complete)/.test(status);
      // The second count of a layer is of its extraction; its bytes are here by then.
      const isHere = isDone || /^(Verifying|Download complete|Extracting)/.test(status);
      const done = isHere ? before.total || total : (progressDetail.current ?? before.done);
      layers.set(id, { done, total: isHere ? before.total || total : total, isDone });
    }
    const all = [...layers.values()];
    return {
      doneBytes: all.reduce((sum, each) => sum + each.done, 0),
      totalBytes: all.reduce((sum, each) => sum + each.total, 0),
      layersDone: all.filter((each) => each.isDone).length,
      layersTotal: all.length,
    };
  };
}
