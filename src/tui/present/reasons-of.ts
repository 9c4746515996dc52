import { groupLabel } from '../../api/names.js';
import { timeOfEvent } from '../../api/time-of-event.js';
import type { KubeEvent } from '../../api/types/resources.js';
import { isOfPodBefore } from '../model/events-about.js';
import { keyOf } from '../model/model.js';
import type { TreeLine } from '../model/tree-line.js';
import { cleanText } from '../text/clean-text.js';
import type { Context } from './context.js';
import { pullText } from './pull-text.js';
import { withoutSubject } from './without-subject.js';

/**
 * Why lines of the tree are not as wanted, in the few words that a column has room for: a line's own name is not said again, and of a pod
 * that runs and is not ready its probe's last reply is said.
 */
export function reasonsOf(context: Context, lines: readonly TreeLine[]): string[] {
  let replies: ReadonlyMap<string, KubeEvent> | undefined;
  const replyOf = (line: TreeLine): string | undefined => {
    if (line.kind !== 'pod' || line.level !== 'busy' || line.word !== 'Running') return undefined;
    replies ??= newestReplies(context);
    return replies.get(keyOf(line.pod))?.message.replace(' probe failed', '');
  };
  return lines.map((line) => pullText(cleanText(replyOf(line) ?? ownWords(line)), context.glyphs));
}

function ownWords(line: TreeLine): string {
  if (line.kind !== 'group' && line.kind !== 'role') return line.reason;
  const { reason, message } = line.kind === 'group' ? line.group.status : line.role.status;
  if (line.reason === '' || message === '') return line.reason;
  const group = groupLabel(line.kind === 'group' ? line.group.spec.ordinal : line.role.spec.groupOrdinal);
  const below = line.kind === 'group' ? `${group}/` : `${group}/${line.role.spec.roleId} `;
  return `${reason}: ${withoutSubject(message, below, `${group} `)}`;
}

function newestReplies({ model }: Context): ReadonlyMap<string, KubeEvent> {
  const newest = new Map<string, KubeEvent>();
  for (const event of model.data.events.values()) {
    const { kind, namespace, name } = event.involvedObject;
    if (event.reason !== 'Unhealthy' || kind !== 'Pod' || isOfPodBefore(model, event)) continue;
    const known = newest.get(`${namespace}/${name}`);
    if (!known || timeOfEvent(known) < timeOfEvent(event)) newest.set(`${namespace}/${name}`, event);
  }
  return newest;
}
