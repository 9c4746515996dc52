import type { Container, PodSpec } from 'kubernetes-types/core/v1.js';
import { parseQuantity } from '../lib/parse-quantity.js';

const counted = ['cpu', 'memory'] as const;

/** Kubernetes' class of a Pod by what its containers ask for: kubectl and k9s show it. Nothing here acts on it. Pure. */
export function qosClass(spec: PodSpec): 'Guaranteed' | 'Burstable' | 'BestEffort' {
  const all = [...(spec.initContainers ?? []), ...spec.containers];
  const isGuaranteed = (each: Container) =>
    counted.every((name) => {
      const limit = amount(each, 'limits', name);
      return (
        limit > 0 &&
        (each.resources?.requests?.[name] === undefined || amount(each, 'requests', name) === limit)
      );
    });
  if (all.every(isGuaranteed)) return 'Guaranteed';
  const asks = all.some((each) =>
    counted.some((name) => amount(each, 'requests', name) > 0 || amount(each, 'limits', name) > 0),
  );
  return asks ? 'Burstable' : 'BestEffort';
}

const amount = ({ resources }: Container, kind: 'requests' | 'limits', name: string): number =>
  parseQuantity(String(resources?.[kind]?.[name] ?? '0')) ?? 0;
