import { podSummary } from '../../api/pod-summary.js';
import type { ModelServing } from '../../api/types/model-serving.js';
import type {
  KubeEvent,
  Pod,
  RoleInstance,
  ScalingOperation,
  ServingGroup,
} from '../../api/types/resources.js';
import type { Level } from '../output.js';
import { objectOf, phaseLevel } from '../print/columns.js';
import { servingSummary } from '../print/serving-summary.js';

/** One line of `up` off a terminal: what it is about, the word it is at, and why. */
export interface ChangeLine {
  readonly level: Level;
  readonly subject: string;
  readonly word: string;
  readonly reason: string;
}

/** A line each for what can change; the same line twice in a row is no change. */
export const changeLine = {
  serving(serving: ModelServing): ChangeLine {
    const { level, message, word } = servingSummary(serving);
    return { level, subject: serving.metadata.name, word, reason: message };
  },
  group: ({ metadata, status }: ServingGroup): ChangeLine => ({
    level: phaseLevel(status.phase),
    subject: `group ${metadata.name}`,
    word: status.phase,
    reason: '',
  }),
  role: ({ spec, status }: RoleInstance): ChangeLine => ({
    level: phaseLevel(status.phase),
    subject: `role ${spec.group}/${spec.roleId}`,
    word: status.phase,
    reason: '',
  }),
  pod(pod: Pod): ChangeLine {
    const { level, message, restarts, word } = podSummary(pod);
    const isUnready = word === 'Running' && level !== 'good';
    // Why a pod that just starts is not ready says nothing; that of a bad one does.
    const reason = level === 'bad' ? message : restarts > 0 ? `restarts: ${restarts}` : '';
    return {
      level,
      subject: `pod ${pod.metadata.name}`,
      word: isUnready ? 'Running, not ready' : word === 'Running' ? 'Ready' : word,
      reason,
    };
  },
  stage({ metadata, spec, status }: ScalingOperation): ChangeLine {
    const note = status.stages.at(-1)?.note ?? spec.change;
    const level = status.phase === 'Running' ? 'busy' : 'good';
    return {
      level,
      subject: `operation ${metadata.name}`,
      word: `${status.phase}, stage ${status.stages.length}`,
      reason: note,
    };
  },
  hold: (
    operation: ScalingOperation,
    hold: { subject: string; reason: string; message: string },
  ): ChangeLine => ({
    level: 'busy',
    subject: `${operation.spec.modelServing} ${hold.subject}`.trim(),
    word: hold.reason,
    reason: hold.message,
  }),
  event: (event: KubeEvent): ChangeLine => ({
    level: event.type === 'Warning' ? 'bad' : 'good',
    subject: objectOf(event),
    word: event.reason,
    reason: event.message,
  }),
};
