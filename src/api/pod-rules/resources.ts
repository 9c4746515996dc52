import { parseQuantity } from '../../lib/parse-quantity.js';
import { eachContainer, type PodRule } from './pod-rule.js';

/** Devices and the like: whole, never shared by less, and named with a domain. */
const isExtended = (name: string): boolean => name.includes('/') && !name.startsWith('kubernetes.io/');

/** Requests and limits that contradict each other. */
export const resources: PodRule = (spec, report) =>
  eachContainer(spec, (container, path) => {
    const { requests = {}, limits = {} } = container.resources ?? {};
    for (const [kind, amounts] of Object.entries({ requests, limits })) {
      for (const [name, amount] of Object.entries(amounts)) {
        const value = parseQuantity(amount);
        if (value === undefined) continue;
        const where = [...path, 'resources', kind, name];
        if (value < 0) report(`${name} ${String(amount)} is negative`, where, 'correct it');
        else if (isExtended(name) && !Number.isInteger(value))
          report(`${name} ${String(amount)} is not a whole number`, where, 'devices are given whole');
      }
    }
    for (const [name, amount] of Object.entries(requests)) {
      const limit = limits[name];
      const where = [...path, 'resources', 'requests', name];
      if (isExtended(name) && (limit === undefined || parseQuantity(limit) !== parseQuantity(amount))) {
        const said = limit === undefined ? 'no limit' : `a limit of ${String(limit)}`;
        report(
          `${name}: a request of ${String(amount)} and ${said}; they must be equal`,
          where,
          `set limits.${name} to ${String(amount)}, or leave the request out`,
        );
      } else if (limit !== undefined && (parseQuantity(amount) ?? 0) > (parseQuantity(limit) ?? Infinity))
        report(
          `the request ${String(amount)} of ${name} is more than its limit ${String(limit)}`,
          where,
          'lower the request, or raise the limit',
        );
    }
  });
