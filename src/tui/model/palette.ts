/** The command palette: views and actions by name, and every command line of the program. */
import { actionNames, type KeyAction } from '../keys.js';
import { cleanText } from '../text/clean-text.js';
import { runCommand } from './act-on-line.js';
import { doingOf, requestOf } from './actions.js';
import type { Model } from './model.js';
import { keyOf } from './model.js';
import { selectedServing } from './selected-serving.js';
import { only, type Step } from './step.js';
import { selectedLine } from './tree.js';

export interface PaletteEntry {
  readonly word: string;
  readonly action: KeyAction;
  readonly help: string;
}

/** What the typed text may mean, the best match first. */
export function paletteEntries(text: string): readonly PaletteEntry[] {
  const wanted = text.trim().toLowerCase();
  if (/\s/.test(wanted)) return [];
  const entries = Object.entries(actionNames).map(([word, { action, help }]) => ({ word, action, help }));
  const begins = entries.filter((entry) => entry.word.startsWith(wanted));
  const contains = entries.filter(
    (entry) => !entry.word.startsWith(wanted) && `${entry.word} ${entry.help}`.toLowerCase().includes(wanted),
  );
  return [...begins, ...contains];
}

/** The command line that the entry would run for the selected line; '' when it runs none, or the reason why it cannot. */
export function entryCommand(model: Model, entry: PaletteEntry): string {
  if (!isLineAction(entry.action)) return '';
  const doing = doingOf(model, entry.action, selectedLine(model));
  return doing.kind === 'command' ? doing.request.text : doing.kind === 'effect' ? doing.text : doing.why;
}

export type LineAction = Parameters<typeof doingOf>[1];
const lineActions = [
  'restart',
  'undo',
  'delete',
  'drill',
  'shell',
  'edit',
  'copyName',
  'copyAddress',
] as const;
export const isLineAction = (action: KeyAction): action is LineAction =>
  (lineActions as readonly KeyAction[]).includes(action);

/** Keys while the palette is open. `act` carries out what a key of that action would. */
export function answerPalette(
  model: Model,
  prompt: { readonly text: string; readonly at: number },
  key: string,
  character: string,
  act: (model: Model, action: KeyAction) => Step,
): Step {
  const entries = paletteEntries(prompt.text);
  const chosen = entries[Math.min(prompt.at, entries.length - 1)];
  const withPrompt = (text: string, at = 0): Step =>
    only({ ...model, prompt: { kind: 'palette', text, at } });
  switch (key) {
    case 'escape':
      return only({ ...model, prompt: { kind: 'none' } });
    case 'up':
      return withPrompt(prompt.text, Math.max(0, prompt.at - 1));
    case 'down':
      return withPrompt(prompt.text, Math.max(0, Math.min(entries.length - 1, prompt.at + 1)));
    case 'tab':
      return chosen ? withPrompt(chosen.word) : only(model);
    case 'backspace':
      return withPrompt([...prompt.text].slice(0, -1).join(''));
    case 'C-u':
      return withPrompt('');
    case 'enter': {
      const closed: Model = { ...model, prompt: { kind: 'none' } };
      const isName =
        prompt.at > 0 || prompt.text.trim() === '' || chosen?.word.startsWith(prompt.text.trim());
      if (chosen && isName) return act(closed, chosen.action);
      return typedCommand(closed, prompt.text);
    }
    default:
      return character === '' ? only(model) : withPrompt(prompt.text + cleanText(character));
  }
}

/** A command line as it would be typed after the program's name; that name may be given as well. */
export function typedCommand(model: Model, text: string): Step {
  const words = splitWords(text);
  if (words[0] === 'minithena') words.shift();
  if (words.length === 0) return only(model);
  const refuse = (why: string) => only({ ...model, flash: { bad: true, text: why } });
  if (model.replay || !model.can.commands) return refuse('no commands can be run from here');
  if (model.can.readOnly && !onlyReads(words))
    return refuse(`${words[0]} may change something: this was started with --read-only`);
  const serving = selectedServing(model);
  const namespace = serving ? (keyOf(serving).split('/')[0] ?? '') : '';
  const hasNamespace = words.some((word) => /^(-n.*|--namespace.*|-A|--all-namespaces)$/.test(word));
  return runCommand(
    model,
    requestOf(model, hasNamespace ? '' : namespace, words, '', needsTerminal(words)),
    true,
  );
}

/** It asks on a terminal, or goes on until somebody ends it. */
const needsTerminal = ([command = '', ...words]: readonly string[]): boolean =>
  (command === 'exec' && words.some((word) => /^(-it|-ti|-t|--tty)$/.test(word))) ||
  (/^(logs|get|events|rollout)$/.test(command) &&
    words.some((word) => /^(-f|--follow|-w|--watch)$/.test(word))) ||
  /^(attach|port-forward)$/.test(command);

const reading =
  /^(get|describe|logs|events|plan|diff|validate|doctor|version|kubeconfig|wait|top|rollout (status|history|diff))( |$)/;
const onlyReads = (words: readonly string[]): boolean => reading.test(words.slice(0, 2).join(' '));

/** Words as a shell splits them: quotes keep spaces, a backslash the next character. */
export function splitWords(text: string): string[] {
  const words: string[] = [];
  for (const [, double, single, plain] of text.matchAll(
    /"((?:\\.|[^"\\])*)"|'([^']*)'|((?:\\.|[^\s"'\\])+)/g,
  ))
    words.push(single ?? (double ?? plain ?? '').replace(/\\(.)/g, '$1'));
  return words;
}
