/** What can be done to the selected line. Each action is a command line, shown as such; a refusal says why. Pure. */
import { annotation, label } from '../../api/labels.js';
import type { ModelServing } from '../../api/types/model-serving.js';
import type { Pod } from '../../api/types/resources.js';
import type { CommandRequest } from './command-state.js';
import { addressOf, podAddress } from './line-places.js';
import type { Effect, Model } from './model.js';
import { commandOf } from './next-try.js';
import { podsUnder, type TreeLine } from './tree.js';

export type ActionName =
  | 'restart'
  | 'undo'
  | 'delete'
  | 'drill'
  | 'shell'
  | 'edit'
  | 'copyName'
  | 'copyAddress';

/** What an action comes to: a command (asked about first when it changes something), an effect, or the reason why not. */
export type Doing =
  | { readonly kind: 'command'; readonly request: CommandRequest; readonly asks: boolean }
  | { readonly kind: 'effect'; readonly effect: Effect; readonly text: string }
  | { readonly kind: 'refused'; readonly why: string };

const refused = (why: string): Doing => ({ kind: 'refused', why });
const changing: readonly ActionName[] = ['restart', 'undo', 'delete', 'drill', 'shell', 'edit'];

export function doingOf(model: Model, action: ActionName, line: TreeLine | undefined): Doing {
  if (!line) return refused('nothing is selected');
  if (changing.includes(action)) {
    if (model.replay) return refused('this is a recording: nothing of it can be changed');
    if (model.can.readOnly)
      return refused('nothing can be changed from here: it was started with --read-only');
    if (!model.can.commands) return refused('no commands can be run from here');
  }
  const serving = model.data.modelservings.get(line.serving);
  const { namespace = '', name = '' } = serving?.metadata ?? {};
  const command = (words: readonly string[], what: string, interactive = false): Doing => ({
    kind: 'command',
    asks: !interactive,
    request: requestOf(model, namespace, words, what, interactive),
  });
  const pod = podOf(model, line);
  switch (action) {
    case 'restart':
      return command(['rollout', 'restart', name], `make every pod of ${name} anew, as a roll-out`);
    case 'undo':
      return command(
        ['rollout', 'undo', name],
        `write the template before this one back into the file of ${name}`,
      );
    case 'delete':
      if (line.kind !== 'pod' && line.kind !== 'container')
        return refused('select a pod: groups and role instances go by scaling, a ModelServing by its file');
      return command(
        ['delete', 'pod', line.pod.metadata.name],
        `delete ${line.pod.metadata.name} (${recoveryWords(serving, line.pod)})`,
      );
    case 'drill':
      if (line.kind !== 'pod' && line.kind !== 'container')
        return refused('select a pod or container to kill');
      return command(
        ['chaos', 'kill', line.pod.metadata.name, ...containerWords(line)],
        `kill ${line.kind === 'container' ? line.container.name : 'the container'} of ${line.pod.metadata.name}, to see what comes of it`,
      );
    case 'shell':
      if (!pod) return refused('no pod here yet');
      return command(
        ['exec', '-it', pod.metadata.name, ...containerWords(line), '--', 'sh'],
        `a shell in ${pod.metadata.name}`,
        true,
      );
    case 'edit': {
      const file = serving?.metadata.annotations?.[annotation.file];
      if (file === undefined) return refused(`${name} has no file on this machine`);
      const isInPod = line.kind === 'pod' || line.kind === 'container';
      const place = {
        role:
          line.kind === 'role'
            ? line.role.spec.role
            : isInPod
              ? line.pod.metadata.labels?.[label.role]
              : undefined,
        container: line.kind === 'container' ? line.container.name : undefined,
      };
      return {
        kind: 'effect',
        effect: { type: 'edit', file, namespace, name, ...place },
        text: `$EDITOR ${file}`,
      };
    }
    case 'copyName':
      return copy(plainName(line));
    case 'copyAddress': {
      const address = addressOf(line) || (pod && podAddress(pod));
      return address ? copy(address) : refused('it has no address yet');
    }
  }
}

/** What becomes of a pod that is deleted, and of what goes with it. */
function recoveryWords(serving: ModelServing | undefined, { metadata: { labels } }: Pod): string {
  const policy = serving?.spec.recoveryPolicy;
  switch (policy) {
    case undefined:
    case 'None':
      return 'it is made again';
    case 'RoleRecreate':
      return `recoveryPolicy ${policy}: ${labels?.[label.roleId]} is made anew with all its pods`;
    case 'ServingGroupRecreate':
      return `recoveryPolicy ${policy}: ${labels?.[label.group]} is made anew with all its pods`;
  }
}

const copy = (text: string): Doing => ({
  kind: 'effect',
  effect: { type: 'copy', text },
  text: `copy ${text}`,
});

const containerWords = (line: TreeLine): string[] =>
  line.kind === 'container' ? ['-c', line.container.name] : [];

function podOf(model: Model, line: TreeLine): Pod | undefined {
  return line.kind === 'pod' || line.kind === 'container' ? line.pod : podsUnder(model, line)[0];
}

/** As commands take it. */
function plainName(line: TreeLine): string {
  switch (line.kind) {
    case 'serving':
      return line.modelServing.metadata.name;
    case 'group':
      return line.group.metadata.name;
    case 'role':
      return line.role.metadata.name;
    default:
      return line.name;
  }
}

export const requestOf = (
  model: Pick<Model, 'cluster'>,
  namespace: string,
  words: readonly string[],
  what: string,
  interactive: boolean,
): CommandRequest => {
  // Options of the program stand before what belongs to a command inside the container.
  const at = words.indexOf('--');
  const own = at < 0 ? words : words.slice(0, at);
  const inside = at < 0 ? [] : words.slice(at);
  const where = namespace === '' || namespace === 'default' || own.includes('-n') ? [] : ['-n', namespace];
  const all = [...own, ...where, ...inside];
  const typed = commandOf(model, '', own.join(' '));
  return { words: all, text: [typed, ...where, ...inside].join(' '), what, interactive };
};
