/** One key. Prompts take keys first; then the table of keys says what it means in the view on screen. */
import { bindingOf, type KeyAction, printKey, scrolls } from '../keys.js';
import { themeNames } from '../tui-config.js';
import { actOnLine, answerConfirm } from './act-on-line.js';
import { answerPattern, answerSave } from './answer-log-prompt.js';
import { answerScale, askScale, typeFilter } from './answer-prompt.js';
import { toggleDraft } from './draft.js';
import { enterView, leaveView } from './enter-view.js';
import { toggleWarnings } from './event-filter.js';
import type { Effect, Model } from './model.js';
import { scrollText, select } from './move.js';
import { actOnLogs, openLogs } from './open-logs.js';
import { answerPalette, isLineAction } from './palette.js';
import { startScale } from './scale-request.js';
import { operationsOf, selectedServing, servingsOf, shownOperation } from './selected-serving.js';
import { only, type Step } from './step.js';
import { selectedIndex, selectedLine, type TreeLine, treeLines } from './tree.js';
import { treeSorts } from './tree-order.js';
import { openWhy } from './why-evidence.js';

/** The model after a key, and what it asks for. `maxScroll` is how far the screen last drawn can be scrolled. */
export function pressKey(before: Model, key: string, character: string, maxScroll: number): Step {
  const model = { ...before, flash: undefined, scroll: Math.min(before.scroll, maxScroll) };
  if (key === 'C-c') return { model, effects: [{ type: 'quit' }] };
  switch (model.prompt.kind) {
    case 'filter':
      return only(typeFilter(model, model.prompt.before, key, character));
    case 'scale':
      return answerScale(model, model.prompt.request, key);
    case 'pattern':
      return only(answerPattern(model, model.prompt, key, character));
    case 'save':
      return answerSave(model, model.prompt, key, character);
    case 'confirm':
      return answerConfirm(model, model.prompt.request, key);
    case 'palette':
      return answerPalette(model, model.prompt, key, character, (closed, action) => act(closed, action, ''));
    case 'none': {
      const action = bindingOf(model.view, key, model.bindings)?.action;
      return action ? act(model, action, key) : only(character === '' ? model : doneElsewhere(model, key));
    }
  }
}

/** A key that does nothing here says where it does what. */
function doneElsewhere(model: Model, key: string): Model {
  const binding = model.bindings.find(({ keys }) => keys.includes(key));
  if (!binding) return model;
  const text = `${printKey(key, true)} does nothing here; in ${binding.views.join(', ')}: ${binding.help}`;
  return { ...model, flash: { bad: true, text } };
}

function act(model: Model, action: KeyAction, key: string): Step {
  const line = selectedLine(model);
  if (isLineAction(action)) return actOnLine(model, action, line);
  switch (action) {
    case 'quit':
      return { model, effects: [{ type: 'quit' }] };
    case 'redraw':
    case 'suspend':
      return { model, effects: [{ type: action }] };
    case 'help':
      return only(model.view === 'help' ? goBack(model) : enterView(model, 'help'));
    case 'back':
      return back(model);
    case 'up':
    case 'down':
    case 'first':
    case 'last':
    case 'pageUp':
    case 'pageDown':
      return only(scrolls(model.view) ? scrollText(model, action) : select(model, action));
    case 'togglePause':
    case 'step':
    case 'stepBack':
    case 'jumpBack':
    case 'jumpOn':
    case 'faster':
    case 'slower':
      return { model, effects: [{ type: 'replay', action }] };
    case 'open':
      if (line?.kind !== 'pod' && line?.kind !== 'container') return only(toggle(model, line));
      return model.replay ? only(noLogs(model)) : openLogs(model, line);
    case 'toggle':
      return only(toggle(model, line));
    case 'expand':
      return only(line?.open === false ? toggle(model, line) : model);
    case 'collapse':
      return only(collapse(model, line));
    case 'logs':
      if (model.replay) return only(noLogs(model));
      return openLogs(model, line);
    case 'allLogs':
      return model.replay ? only(noLogs(model)) : openLogs(model, undefined);
    case 'details':
      return only(
        line ? enterView(model, 'details') : { ...model, flash: { bad: false, text: 'nothing is selected' } },
      );
    case 'events':
      return only({ ...enterView(model, 'events'), filter: '' });
    case 'draft':
      return toggleDraft(model);
    case 'warnings':
      return only({ ...model, filter: toggleWarnings(model.filter), scroll: 0 });
    case 'stages':
      return only({ ...enterView(model, 'stages'), filter: '' });
    case 'tree':
      return only(model.view === 'tree' ? goBack(model) : { ...enterView(model, 'tree'), filter: '' });
    case 'why':
      return model.view === 'why' ? only(goBack(model)) : openWhy(model);
    case 'sort':
      return only(sortNext(model));
    case 'theme': {
      const theme = themeNames[(themeNames.indexOf(model.theme) + 1) % themeNames.length] ?? 'dark';
      const flash = { bad: false, text: `theme ${theme}; theme: ${theme} in tui.yaml keeps it` };
      return { model: { ...model, theme, flash }, effects: [{ type: 'theme', theme }] };
    }
    case 'mouse': {
      const on = !model.mouse;
      const flash = { bad: false, text: `mouse ${on ? 'on' : 'off'}; mouse: ${on} in tui.yaml keeps it` };
      return { model: { ...model, mouse: on, flash }, effects: [{ type: 'mouse', on }] };
    }
    case 'palette':
      return only({ ...model, prompt: { kind: 'palette', text: '', at: 0 } });
    case 'more':
    case 'fewer': {
      if (model.can.readOnly)
        return only({
          ...model,
          flash: { bad: true, text: 'nothing can be scaled from here: it was started with --read-only' },
        });
      const request = startScale(model, action === 'more' ? 1 : -1);
      return request
        ? askScale(model, request)
        : only({ ...model, flash: { bad: true, text: 'there is no ModelServing to scale yet' } });
    }
    case 'olderOperation':
      return only(browse(model, -1));
    case 'newerOperation':
      return only(browse(model, 1));
    case 'groupsLeft':
    case 'groupsRight':
      return only(moveBoard(model, action === 'groupsLeft' ? -1 : 1));
    case 'nextServing':
      return only(stepServing(model, 1));
    case 'previousServing':
      return only(stepServing(model, -1));
    case 'pickServing':
      return only(showServing(model, Number(key) - 1));
    case 'filter':
      return only({ ...model, prompt: { kind: 'filter', before: model.filter } });
    default:
      return model.logs ? actOnLogs(model, model.logs, action) : only(model);
  }
}

const noLogs = (model: Model): Model => ({
  ...model,
  flash: { bad: false, text: 'a recording holds no logs, and nothing of it can be changed' },
});

function back(model: Model): Step {
  const filtered = model.filter !== '' && ['main', 'tree', 'events'].includes(model.view);
  if (filtered) return only({ ...model, filter: '', scroll: 0 });
  const { logs } = model;
  if (logs?.search) return only({ ...model, logs: { ...logs, search: undefined } });
  if (logs?.filter) return only({ ...model, logs: { ...logs, filter: undefined }, scroll: 0 });
  const closing: readonly Effect[] =
    model.view === 'logs' ? [{ type: 'closeLogs' }] : model.view === 'output' ? [{ type: 'stopRun' }] : [];
  return { model: goBack(model), effects: closing };
}

/** To the view below; in the main view to the newest operation and the board that follows. */
function goBack(model: Model): Model {
  if (model.view === 'logs') return { ...leaveView(model), logs: undefined };
  if (model.view !== 'main') return leaveView(model);
  return { ...model, operation: undefined, boardLeft: undefined };
}

export function toggle(model: Model, line: TreeLine | undefined): Model {
  if (!line || line.open === undefined || model.filter !== '') return model;
  const opened = new Map(model.opened).set(line.id, !line.open);
  return { ...model, opened, selected: { id: line.id, index: selectedIndex(model) } };
}

function collapse(model: Model, line: TreeLine | undefined): Model {
  if (!line) return model;
  if (line.open && model.filter === '') return toggle(model, line);
  const index = treeLines(model).findIndex((each) => each.id === line.parent);
  return index < 0 ? model : { ...model, selected: { id: line.parent ?? '', index } };
}

function sortNext(model: Model): Model {
  const sort = treeSorts[(treeSorts.indexOf(model.sort) + 1) % treeSorts.length] ?? 'name';
  const line = selectedLine(model);
  return { ...model, sort, selected: { id: line?.id ?? '', index: selectedIndex(model) } };
}

function browse(model: Model, step: 1 | -1): Model {
  const operations = operationsOf(model);
  const shown = shownOperation(model);
  const at = shown === undefined ? -1 : operations.indexOf(shown) + step;
  if (at < 0 || at >= operations.length) {
    const text = step < 0 ? 'this is the first operation known' : 'this is the newest operation';
    return { ...model, flash: { bad: false, text } };
  }
  const newest = at === operations.length - 1;
  return {
    ...model,
    scroll: 0,
    operation: newest ? undefined : operations[at]?.metadata.name,
    boardLeft: undefined,
  };
}

function moveBoard(model: Model, step: 1 | -1): Model {
  const groups = Math.max(
    0,
    ...(shownOperation(model)?.status.stages.map((stage) => stage.cells.length) ?? []),
  );
  const left = Math.max(0, Math.min(groups - 1, (model.boardLeft ?? 0) + step));
  return { ...model, boardLeft: left };
}

function stepServing(model: Model, step: 1 | -1): Model {
  const servings = servingsOf(model);
  const shown = selectedServing(model);
  const at = shown === undefined ? -1 : servings.indexOf(shown);
  if (servings.length < 2) return { ...model, flash: { bad: true, text: 'there is no other ModelServing' } };
  return showServing(model, (at + step + servings.length) % servings.length);
}

function showServing(model: Model, index: number): Model {
  const serving = servingsOf(model)[index];
  if (!serving) return { ...model, flash: { bad: true, text: `there is no ModelServing ${index + 1}` } };
  const key = `${serving.metadata.namespace}/${serving.metadata.name}`;
  const fresh = { operation: undefined, boardLeft: undefined, scroll: 0, selected: { id: '', index: 0 } };
  return { ...model, ...fresh, serving: key };
}
