import { annotation } from '../../api/labels.js';
import type { Node, Pod } from '../../api/types/resources.js';
import { amountText } from '../../core/amount-text.js';
import { amountsOf, podRequest } from '../../core/pod-request.js';
import { table } from '../../lib/table.js';

/** What the Pods of a Node have asked for, against what it has; and who has which GPU. */
export function allocatedLines(node: Node, pods: readonly Pod[]): string[] {
  const total = amountsOf((node.status?.allocatable ?? {}) as Record<string, string>);
  const running = pods.filter(({ status }) => status?.phase !== 'Succeeded' && status?.phase !== 'Failed');
  const used: Record<string, number> = {};
  for (const { request } of running.map(podRequest))
    for (const name in request) used[name] = (used[name] ?? 0) + (request[name] ?? 0);
  const names = [...new Set([...Object.keys(total), ...Object.keys(used)])];
  const devices = running.flatMap(({ metadata }) => {
    const gpus = metadata.annotations?.[annotation.gpus];
    return gpus === undefined ? [] : [`GPUs of ${metadata.namespace}/${metadata.name}: ${gpus}`];
  });
  return [
    ...table([
      ['RESOURCE', 'REQUESTED', 'OF'],
      ...names.map((name) => {
        const [asked, all] = [used[name] ?? 0, total[name] ?? 0];
        const share = all > 0 ? ` (${Math.round((asked / all) * 100)}%)` : '';
        return [name, `${amountText(name, asked)}${share}`, amountText(name, all)];
      }),
    ]),
    ...devices,
  ];
}
