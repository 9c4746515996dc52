/**
 * Every key of the terminal UI. The help screen and the footer are printed from this table, and `press-key` acts on its actions only,
 * so a key that works is a key that is documented.
 */
export type View = 'main' | 'tree' | 'stages' | 'events' | 'details' | 'why' | 'logs' | 'output' | 'help';
export const allViews: readonly View[] = [
  'main',
  'tree',
  'stages',
  'events',
  'details',
  'why',
  'logs',
  'output',
  'help',
];

/** What the keys of a replay do. */
export type ReplayAction = 'togglePause' | 'step' | 'stepBack' | 'jumpBack' | 'jumpOn' | 'faster' | 'slower';

export type KeyAction =
  | ReplayAction
  | 'up'
  | 'down'
  | 'first'
  | 'last'
  | 'pageUp'
  | 'pageDown'
  | 'open'
  | 'toggle'
  | 'expand'
  | 'collapse'
  | 'logs'
  | 'details'
  | 'events'
  | 'stages'
  | 'tree'
  | 'why'
  | 'sort'
  | 'palette'
  | 'mouse'
  | 'theme'
  | 'restart'
  | 'undo'
  | 'delete'
  | 'drill'
  | 'shell'
  | 'edit'
  | 'copyName'
  | 'copyAddress'
  | 'more'
  | 'fewer'
  | 'olderOperation'
  | 'newerOperation'
  | 'groupsLeft'
  | 'groupsRight'
  | 'nextServing'
  | 'previousServing'
  | 'pickServing'
  | 'filter'
  | 'follow'
  | 'allLogs'
  | 'container'
  | 'wider'
  | 'roleLogs'
  | 'since'
  | 'search'
  | 'nextMatch'
  | 'previousMatch'
  | 'filterLog'
  | 'saveLog'
  | 'copyLogsCommand'
  | 'previousLogs'
  | 'timestamps'
  | 'wrap'
  | 'warnings'
  | 'draft'
  | 'scrollLeft'
  | 'scrollRight'
  | 'back'
  | 'help'
  | 'redraw'
  | 'suspend'
  | 'quit';

export interface KeyBinding {
  /** Names as the terminal layer reports them; the first is the one that is printed. */
  readonly keys: readonly string[];
  readonly action: KeyAction;
  readonly help: string;
  /** Where the key acts. */
  readonly views: readonly View[];
  /** One or two words for the footer; without it the key is only in the help. */
  readonly short?: string;
}

const everywhere = allViews;
const trees: readonly View[] = ['main', 'tree'];
const lists: readonly View[] = ['main', 'tree', 'stages', 'events'];
const texts: readonly View[] = ['stages', 'events', 'details', 'why', 'logs', 'output', 'help'];
const lines: readonly View[] = ['main', 'tree', 'details', 'why'];

export const keyBindings: readonly KeyBinding[] = [
  { keys: ['?'], action: 'help', help: 'this help', views: everywhere, short: 'help' },
  {
    keys: ['q', 'C-c'],
    action: 'quit',
    help: 'quit; the daemon and everything it runs go on',
    views: everywhere,
    short: 'quit',
  },
  {
    keys: ['+', '='],
    action: 'more',
    help: 'one ServingGroup more; on a role or pod, one instance of that role more in every group',
    views: trees,
    short: 'scale',
  },
  {
    keys: ['-', '_'],
    action: 'fewer',
    help: 'one ServingGroup fewer; on a role or pod, one instance of that role fewer',
    views: trees,
  },
  {
    keys: ['enter'],
    action: 'open',
    help: 'open or close a group or role; logs of a pod or container',
    views: trees,
  },
  {
    keys: ['space'],
    action: 'toggle',
    help: 'open or close a line: a pod shows its containers',
    views: trees,
  },
  {
    keys: ['y'],
    action: 'why',
    help: 'why the selected line is as it is: causes, last failure, what to try',
    views: everywhere,
    short: 'why',
  },
  {
    keys: ['l'],
    action: 'logs',
    help: 'logs of what is selected, all its containers together: of a pod, a role instance, a group',
    views: ['main', 'tree', 'details', 'why'],
    short: 'logs',
  },
  {
    keys: ['L'],
    action: 'allLogs',
    help: 'logs of everything that runs',
    views: ['main', 'tree', 'stages', 'events', 'details', 'why', 'logs'],
  },
  {
    keys: ['t'],
    action: 'tree',
    help: 'the tree of all ModelServings, with addresses and GPUs; again: back',
    views: ['main', 'tree', 'stages', 'events', 'details', 'why'],
    short: 'tree',
  },
  {
    keys: ['e'],
    action: 'events',
    help: 'all events of this ModelServing',
    views: ['main', 'tree', 'stages'],
    short: 'events',
  },
  {
    keys: ['o'],
    action: 'sort',
    help: 'order of the tree: by name, trouble first, restarts, age',
    views: trees,
  },
  {
    keys: ['s'],
    action: 'stages',
    help: 'the whole stage board of the operation',
    views: ['main', 'tree', 'events'],
    short: 'stages',
  },
  {
    keys: ['d'],
    action: 'details',
    help: 'everything known about the selected line',
    views: ['main', 'tree', 'why'],
    short: 'details',
  },
  {
    keys: ['f', 'space'],
    action: 'follow',
    help: 'pause the log, or follow it again',
    views: ['logs'],
    short: 'pause',
  },
  {
    keys: ['/'],
    action: 'search',
    help: 'search for a regular expression; case counts when it has a capital',
    views: ['logs'],
    short: 'search',
  },
  { keys: ['n'], action: 'nextMatch', help: 'to the next match', views: ['logs'] },
  { keys: ['N'], action: 'previousMatch', help: 'to the match before', views: ['logs'] },
  {
    keys: ['&'],
    action: 'filterLog',
    help: 'show only lines that match a regular expression; esc clears it',
    views: ['logs'],
    short: 'filter',
  },
  {
    keys: ['c'],
    action: 'container',
    help: 'each container alone, then all of them again',
    views: ['logs'],
    short: 'container',
  },
  {
    keys: ['u'],
    action: 'wider',
    help: 'further up: from a container to its pod, role instance, group, ModelServing, to all',
    views: ['logs'],
    short: 'wider',
  },
  { keys: ['r'], action: 'roleLogs', help: 'the role in every ServingGroup', views: ['logs'], short: 'role' },
  {
    keys: ['s'],
    action: 'since',
    help: 'of the last minute, ten minutes, hour, or all',
    views: ['logs'],
    short: 'since',
  },
  {
    keys: ['p'],
    action: 'previousLogs',
    help: 'logs of the runs before the last restarts',
    views: ['logs'],
    short: 'previous',
  },
  { keys: ['t'], action: 'timestamps', help: 'times on or off', views: ['logs'], short: 'times' },
  { keys: ['w'], action: 'wrap', help: 'wrap long lines, or cut them', views: ['logs'], short: 'wrap' },
  { keys: ['S'], action: 'saveLog', help: 'save the lines to a file', views: ['logs'], short: 'save' },
  {
    keys: ['C'],
    action: 'copyLogsCommand',
    help: 'copy the command line that prints the same',
    views: ['logs'],
  },
  {
    keys: ['right', 'S-right'],
    action: 'scrollRight',
    help: 'scroll cut lines to the right',
    views: ['logs'],
  },
  { keys: ['left', 'S-left'], action: 'scrollLeft', help: 'scroll cut lines to the left', views: ['logs'] },
  {
    keys: ['/'],
    action: 'filter',
    help: 'show only lines that contain a text; of events kind:, reason:, type:, object: too; esc clears it',
    views: ['main', 'tree', 'events'],
    short: 'filter',
  },
  { keys: ['w'], action: 'warnings', help: 'warnings alone, or all', views: ['events'], short: 'warnings' },
  {
    keys: [':'],
    action: 'palette',
    help: 'any view, action or command line by its name',
    views: everywhere,
    short: 'command',
  },
  {
    keys: ['m'],
    action: 'mouse',
    help: 'mouse on or off; off, the terminal selects text as ever',
    views: everywhere,
  },
  {
    keys: ['T'],
    action: 'theme',
    help: 'next theme: dark, light, high contrast, colour-blind safe',
    views: everywhere,
  },
  {
    keys: ['x'],
    action: 'shell',
    help: 'a shell in the selected pod or container',
    views: lines,
  },
  {
    keys: ['E'],
    action: 'edit',
    help: 'open the YAML in $EDITOR, at the line of what is selected',
    views: lines,
  },
  {
    keys: ['R'],
    action: 'restart',
    help: 'make every pod of the ModelServing anew, as a roll-out',
    views: lines,
  },
  { keys: ['U'], action: 'undo', help: 'roll back to the template before', views: lines },
  { keys: ['D'], action: 'delete', help: 'delete the selected pod', views: lines },
  { keys: ['K'], action: 'drill', help: "a drill: kill the selected pod's container", views: lines },
  { keys: ['n'], action: 'copyName', help: 'copy the name of the selected line', views: lines },
  { keys: ['a'], action: 'copyAddress', help: 'copy the address of the selected pod', views: lines },
  { keys: ['escape', 'backspace'], action: 'back', help: 'back; clears the filter first', views: everywhere },
  { keys: ['up', 'k'], action: 'up', help: 'one line up', views: everywhere },
  { keys: ['down', 'j'], action: 'down', help: 'one line down', views: everywhere },
  { keys: ['pageup', 'C-b', 'C-u'], action: 'pageUp', help: 'one page up', views: everywhere },
  { keys: ['pagedown', 'C-f', 'C-d'], action: 'pageDown', help: 'one page down', views: everywhere },
  { keys: ['g', 'home'], action: 'first', help: 'to the first line', views: everywhere },
  { keys: ['G', 'end'], action: 'last', help: 'to the last line; in a log, follow again', views: everywhere },
  { keys: ['right'], action: 'expand', help: 'open the selected line', views: trees },
  { keys: ['left'], action: 'collapse', help: 'close it, or go to what it belongs to', views: trees },
  {
    keys: ['['],
    action: 'olderOperation',
    help: 'stages of the operation before',
    views: ['main', 'stages'],
  },
  { keys: [']'], action: 'newerOperation', help: 'stages of the next operation', views: ['main', 'stages'] },
  {
    keys: ['P'],
    action: 'draft',
    help: 'beside the stages, what FILE.draft would cause: the file as an editor has it, not saved yet; again: without',
    views: ['main', 'stages'],
  },
  { keys: ['<', ','], action: 'groupsLeft', help: 'stage board: lower ordinals', views: ['main', 'stages'] },
  {
    keys: ['>', '.'],
    action: 'groupsRight',
    help: 'stage board: higher ordinals',
    views: ['main', 'stages'],
  },
  { keys: ['tab'], action: 'nextServing', help: 'next ModelServing', views: lists },
  { keys: ['S-tab'], action: 'previousServing', help: 'previous ModelServing', views: lists },
  {
    keys: ['1', '2', '3', '4', '5', '6', '7', '8', '9'],
    action: 'pickServing',
    help: 'ModelServing by its number',
    views: lists,
  },
  { keys: ['C-z'], action: 'suspend', help: 'stop as a job of the shell; fg goes on', views: everywhere },
  { keys: ['C-l'], action: 'redraw', help: 'draw the screen anew', views: everywhere },
];

/** What the command palette knows by name. */
const paletteWords: Readonly<Record<string, KeyAction>> = {
  tree: 'tree',
  why: 'why',
  logs: 'logs',
  'all-logs': 'allLogs',
  details: 'details',
  events: 'events',
  stages: 'stages',
  draft: 'draft',
  shell: 'shell',
  edit: 'edit',
  restart: 'restart',
  undo: 'undo',
  delete: 'delete',
  drill: 'drill',
  'copy-name': 'copyName',
  'copy-address': 'copyAddress',
  sort: 'sort',
  theme: 'theme',
  mouse: 'mouse',
  help: 'help',
  quit: 'quit',
};
export const actionNames: Readonly<Record<string, { readonly action: KeyAction; readonly help: string }>> =
  Object.fromEntries(
    Object.entries(paletteWords).map(([word, action]) => [
      word,
      { action, help: keyBindings.find((binding) => binding.action === action)?.help ?? '' },
    ]),
  );

const shown: readonly View[] = ['main', 'tree', 'stages', 'events', 'details', 'why'];
/** Keys of a replay, in the place of what they do elsewhere. */
const replayKeys: readonly KeyBinding[] = [
  { keys: ['space'], action: 'togglePause', help: 'pause, or go on', views: shown, short: 'pause' },
  { keys: ['.'], action: 'step', help: 'to the next change, and stand there', views: shown, short: 'step' },
  {
    keys: [','],
    action: 'stepBack',
    help: 'to the change before, and stand there',
    views: shown,
    short: 'back',
  },
  { keys: [')', 'S-right'], action: 'jumpOn', help: 'ten seconds on', views: shown },
  { keys: ['(', 'S-left'], action: 'jumpBack', help: 'ten seconds back', views: shown },
  { keys: ['+', '='], action: 'faster', help: 'faster', views: shown, short: 'speed' },
  { keys: ['-', '_'], action: 'slower', help: 'slower', views: shown },
];
const taken = new Set(replayKeys.flatMap((binding) => binding.keys));
/** The table of keys of a replay, made of the one that the reader has. */
export const replayBindingsOf = (bindings: readonly KeyBinding[]): readonly KeyBinding[] => [
  ...replayKeys,
  ...bindings
    .map((binding) => ({ ...binding, keys: binding.keys.filter((key) => !taken.has(key)) }))
    .filter((binding) => binding.keys.length > 0),
];
export const replayBindings = replayBindingsOf(keyBindings);

/** What a key does in a view, or undefined. */
export const bindingOf = (
  view: View,
  key: string,
  bindings: readonly KeyBinding[] = keyBindings,
): KeyBinding | undefined =>
  bindings.find((binding) => binding.views.includes(view) && binding.keys.includes(key));

/** Views that scroll a text instead of selecting a line. */
export const scrolls = (view: View): boolean => texts.includes(view);

const printed: Readonly<Record<string, string>> = {
  escape: 'esc',
  pageup: 'pgup',
  pagedown: 'pgdn',
  up: '↑',
  down: '↓',
  left: '←',
  right: '→',
};
const printedAscii: Readonly<Record<string, string>> = {
  ...printed,
  up: 'up',
  down: 'down',
  left: 'left',
  right: 'right',
};

/** How a key is written for people: `C-c` is ctrl-c. */
export function printKey(key: string, ascii: boolean): string {
  const known = (ascii ? printedAscii : printed)[key];
  if (known) return known;
  if (key.startsWith('C-')) return `ctrl-${key.slice(2)}`;
  if (key.startsWith('S-')) return `shift-${printKey(key.slice(2), ascii)}`;
  return key;
}
