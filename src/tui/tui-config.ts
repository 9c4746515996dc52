/** What a reader sets once, in `tui.yaml`: docs/keys.md tells of it. */
import { didYouMean } from '../lib/did-you-mean.js';
import { locatedDocuments } from '../lib/yaml/located-documents.js';
import { type KeyBinding, keyBindings } from './keys.js';

export const themeNames = ['dark', 'light', 'high-contrast', 'colour-blind'] as const;
export type ThemeName = (typeof themeNames)[number];

export interface TuiConfig {
  readonly theme: ThemeName;
  readonly mouse: boolean;
  /** undefined: as the terminal can. */
  readonly ascii: boolean | undefined;
  /** Changes are shown once a second, not as they come. */
  readonly reducedMotion: boolean;
  readonly readOnly: boolean;
  readonly bindings: readonly KeyBinding[];
  /** What of the file could not be taken, each with its line. */
  readonly problems: readonly string[];
}

export const defaultConfig: TuiConfig = {
  theme: 'dark',
  mouse: true,
  ascii: undefined,
  reducedMotion: false,
  readOnly: false,
  bindings: keyBindings,
  problems: [],
};

const switches = ['mouse', 'ascii', 'reducedMotion', 'readOnly'] as const;
const fields = ['theme', ...switches, 'keys'];

/** The settings of a file's text. What is wrong is left as it was and told; the rest counts. Pure. */
export function parseTuiConfig(text: string, file: string): TuiConfig {
  const [document] = locatedDocuments(text);
  const problems: string[] = [];
  let config = defaultConfig;
  const wrong = (path: readonly string[], what: string) => {
    const line = document?.locate(path, 'key').line ?? 1;
    problems.push(`${file}:${line} ${what}`);
  };
  const [broken] = document?.problems.filter((each) => each.isError) ?? [];
  if (broken) return { ...config, problems: [`${file}:${broken.at.line} ${broken.message}`] };
  const value = document?.value;
  if (value === undefined || value === null) return config;
  if (!isRecord(value)) return { ...config, problems: [`${file}:1 must hold fields: ${fields.join(', ')}`] };
  for (const [field, given] of Object.entries(value)) {
    const aSwitch = switches.find((each) => each === field);
    if (aSwitch) {
      if (typeof given === 'boolean') config = { ...config, [aSwitch]: given };
      else wrong([field], `${field}: true or false`);
    } else if (field === 'theme') {
      const theme = themeNames.find((each) => each === given);
      if (theme) config = { ...config, theme };
      else wrong([field], `theme: one of ${themeNames.join(', ')}`);
    } else if (field === 'keys') {
      if (isRecord(given))
        config = { ...config, bindings: bound(given, (action, what) => wrong([field, action], what)) };
      else wrong([field], 'keys: an action and its keys, e.g. why: [w]');
    } else wrong([field], `${field} is no setting${meant(field, fields)}`);
  }
  return { ...config, problems };
}

const meant = (word: string, candidates: readonly string[]): string => {
  const found = didYouMean(word, candidates);
  return found === undefined ? `; there are ${candidates.join(', ')}` : `; did you mean ${found}?`;
};

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Without these nobody finds out, or back. */
const needed: readonly string[] = ['quit', 'help', 'back'];

/** The table with other keys for some actions. What they take from another action is gone there. */
function bound(
  wanted: Record<string, unknown>,
  wrong: (action: string, what: string) => void,
): readonly KeyBinding[] {
  let bindings = keyBindings;
  const actions = [...new Set(keyBindings.map((each) => each.action as string))];
  const given = new Set(Object.keys(wanted));
  for (const [action, value] of Object.entries(wanted)) {
    const keys = (Array.isArray(value) ? value : [value]).map(String).map(keyName);
    const views = keyBindings.filter((each) => each.action === action).flatMap((each) => each.views);
    if (views.length === 0) {
      wrong(action, `${action} is no action${meant(action, actions)}`);
      continue;
    }
    if (value === null || keys.some((key) => key === '')) {
      wrong(action, `${action}: a key or a list of keys`);
      continue;
    }
    const loses = (each: KeyBinding) =>
      each.action !== action &&
      !given.has(each.action) &&
      each.views.some((view) => views.includes(view)) &&
      each.keys.some((key) => keys.includes(key));
    const orphan = bindings.find(
      (each) => loses(each) && needed.includes(each.action) && each.keys.every((key) => keys.includes(key)),
    );
    const clash = bindings.find(
      (each) =>
        each.action !== action &&
        given.has(each.action) &&
        each.views.some((view) => views.includes(view)) &&
        [wanted[each.action]]
          .flat()
          .map(String)
          .map(keyName)
          .some((key) => keys.includes(key)),
    );
    if (orphan ?? clash) {
      wrong(action, `${action}: that key is needed for ${(orphan ?? clash)?.action}`);
      continue;
    }
    bindings = bindings.map((each) => {
      if (each.action === action) return { ...each, keys };
      return loses(each) ? { ...each, keys: each.keys.filter((key) => !keys.includes(key)) } : each;
    });
  }
  return bindings.filter((each) => each.keys.length > 0);
}

const written: Readonly<Record<string, string>> = {
  esc: 'escape',
  pgup: 'pageup',
  pgdn: 'pagedown',
  return: 'enter',
  '↑': 'up',
  '↓': 'down',
  '←': 'left',
  '→': 'right',
};
/** As people write a key (`ctrl-x`, `esc`, `pgup`), and as the terminal layer names it. */
function keyName(key: string): string {
  const modifier = /^(ctrl|shift)-(.+)$/i.exec(key);
  if (modifier) return `${modifier[1]?.toLowerCase() === 'ctrl' ? 'C' : 'S'}-${keyName(modifier[2] ?? '')}`;
  return written[key.toLowerCase()] ?? key;
}
