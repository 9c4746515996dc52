import { timeOfEvent } from '../../api/time-of-event.js';
import type { KubeEvent, ScalingOperation } from '../../api/types/resources.js';
import { type ChangeLine, changeLine } from '../follow/change-line.js';
import { isNews, isOfGroup, lineOf } from '../follow/follow-servings.js';
import { type RecordedChange, resourceOfKind } from './recording-format.js';

/** The lines that `up` would have said off a terminal, change by change; the same line twice in a row is no change. */
export function replayLines(startedMs: number): (change: RecordedChange) => ChangeLine[] {
  const said = new Map<string, string>();
  let lost = false;
  const news = (key: string, line: ChangeLine): ChangeLine[] => {
    const text = JSON.stringify(line);
    if (said.get(key) === text) return [];
    said.set(key, text);
    return [line];
  };
  return (change) => {
    if (change.type === 'DISCONNECTED') {
      if (lost) return [];
      lost = true;
      return [{ level: 'bad', subject: 'lost contact with the daemon', word: '', reason: change.message }];
    }
    lost = false;
    if (change.type === 'SYNCED') return [];
    const { object, type, kind } = change;
    const resource = resourceOfKind.get(kind);
    const key = `${kind}/${object.metadata.namespace}/${object.metadata.name}`;
    if (resource === undefined || resource === 'nodes') return [];
    if (resource === 'events') {
      const event = object as KubeEvent;
      const isOld = Date.parse(timeOfEvent(event)) < startedMs - 1000;
      return type === 'DELETED' || isOld || !isNews(event)
        ? []
        : news(`event/${event.message}`, changeLine.event(event));
    }
    const line = lineOf[resource]?.(object);
    if (!line) return [];
    if (type === 'DELETED')
      return resource === 'scalingoperations'
        ? []
        : news(key, { level: 'busy', subject: line.subject, word: 'gone', reason: '' });
    const holds =
      resource === 'scalingoperations'
        ? (object as ScalingOperation).status.holds
            .filter(isOfGroup)
            .flatMap((hold) =>
              news(
                `${key}/${hold.subject}/${hold.reason}`,
                changeLine.hold(object as ScalingOperation, hold),
              ),
            )
        : [];
    return [...news(key, line), ...holds];
  };
}
