import type { ResourceName } from '../../../src/api/types/resources.js';
import type { Heard } from '../../../src/tui/model/apply-changes.js';
import { type Model, watched } from '../../../src/tui/model/model.js';
import type {
  Change,
  FailedRun,
  LogSource,
  MeasuredPod,
  ScaleEdit,
  TuiClient,
} from '../../../src/tui/tui-client.js';
import { info } from './sample-models.js';

export interface FakeClient extends TuiClient {
  hear(...heard: readonly Heard[]): void;
  /** Everything that a model holds, as its watches would have said it. */
  hearAll(model: Model): void;
  readonly calls: { scale: ScaleEdit[]; plan: ScaleEdit[]; logs: LogSource[] };
  say(text: string): void;
  refuse: Error | undefined;
  failures: readonly FailedRun[];
  measured: readonly MeasuredPod[];
  /** Watches whose signal is not aborted. */
  open(): number;
}

/** A client of a daemon that says what the test says. */
export function fakeClient(): FakeClient {
  const listeners = new Map<ResourceName, (change: Change<never>) => void>();
  const signals: AbortSignal[] = [];
  let wake = () => {};
  let said: string[] = [];
  const client: FakeClient = {
    calls: { scale: [], plan: [], logs: [] },
    refuse: undefined,
    failures: [],
    measured: [],
    watch(resource, _options, onChange, signal) {
      listeners.set(resource, onChange as (change: Change<never>) => void);
      signals.push(signal);
    },
    async *logs(source, signal) {
      client.calls.logs.push(source);
      signal.addEventListener('abort', () => wake());
      while (!signal.aborted) {
        yield* said.splice(0);
        if (!signal.aborted && said.length === 0) await new Promise<void>((resolve) => (wake = resolve));
      }
    },
    async scale(_namespace, _name, edit) {
      client.calls.scale.push(edit);
      if (client.refuse) throw client.refuse;
    },
    usage: async () => client.measured,
    control: {
      info: async () => info,
      failures: async () => client.failures,
      async plan(request) {
        const { replicas, roleReplicas } = 'text' in request ? {} : request;
        client.calls.plan.push({
          ...(replicas === undefined ? {} : { replicas }),
          ...(roleReplicas ? { roleReplicas } : {}),
        });
        const stage = (cells: ('✅' | '⏳')[]) => ({ cells, note: '', startedAt: '' });
        const planned = { namespace: 'default', name: 'sample', change: 'replicas 2 → 3' };
        return [
          { ...planned, stages: [stage(['✅', '✅']), stage(['✅', '✅', '⏳']), stage(['✅', '✅', '✅'])] },
        ];
      },
    },
    hear(...heard) {
      for (const { resource, change } of heard) listeners.get(resource)?.(change as Change<never>);
    },
    hearAll(model) {
      for (const resource of watched) {
        for (const object of model.data[resource].values())
          client.hear({ resource, change: { type: 'ADDED', object } } as Heard);
        client.hear({ resource, change: { type: 'SYNCED' } });
      }
    },
    say(text) {
      said = [...said, text];
      wake();
    },
    open: () => signals.filter((signal) => !signal.aborted).length,
  };
  return client;
}
