import type { ResourceName } from '../../api/types/resources.js';
import { AppError } from '../../lib/app-error.js';
import type { Change } from '../cli-client.js';
import { type RecordedChange, type Recording, resourceOfKind } from './recording-format.js';

export const notInRecording = 'this is a recording: nothing of it runs any more, and it holds no logs';

/** What the terminal UI asks of a client, answered from a recording; `hear` tells it what comes. Actions are refused with the reason. */
export function recordingClient({ header }: Recording) {
  const heard = new Map<ResourceName, (change: Change) => void>();
  const refuse = () =>
    new AppError('MethodNotAllowed', notInRecording, { hint: 'minithena tui shows the running cluster' });
  return {
    hear(change: RecordedChange): void {
      const resource = resourceOfKind.get(change.kind);
      if (resource) heard.get(resource)?.(change as never);
    },
    watch(resource: ResourceName, _options: object, onChange: (change: never) => void): void {
      heard.set(resource, onChange as (change: Change) => void);
      // A recording that was cut short may have no end of its first list.
      (onChange as (change: Change) => void)({ type: 'SYNCED' });
    },
    logs: (): AsyncIterable<string> => ({
      [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(refuse()) }),
    }),
    scale: () => Promise.reject(refuse()),
    control: {
      info: async () => ({
        version: header.minithena,
        engine: { ...header.engine, reachable: true, message: '' },
        diagnostics: [],
      }),
      plan: () => Promise.reject(refuse()),
    },
  };
}
