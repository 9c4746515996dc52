import { label } from '../../api/labels.js';
import { groupLabel } from '../../api/names.js';
import { readPullMessage } from '../../api/pull-message.js';
import type { Hold, Pod } from '../../api/types/resources.js';
import type { Model } from './model.js';

interface Pull {
  readonly pod: Pod;
  readonly message: string;
}
type Pods = Model['data']['pods'];

// Objects are replaced when they change: a tick of the clock walks no list of pods.
const known = new WeakMap<Pods, readonly Pull[]>();

/** A line per image that the ModelServing's pods are pulling and that has a number to show. */
export function pullsUnderWay(model: Model, namespace: string, serving: string): Hold[] {
  const { pods, servinggroups } = model.data;
  const pulls = known.get(pods) ?? findPulls(pods);
  known.set(pods, pulls);
  return pulls
    .filter(
      ({ pod: { metadata } }) =>
        metadata.namespace === namespace && metadata.labels?.[label.modelServing] === serving,
    )
    .map(({ pod: { metadata }, message }) => {
      const group = servinggroups.get(`${namespace}/${metadata.labels?.[label.group]}`);
      const at = group ? groupLabel(group.spec.ordinal) : serving;
      return { subject: `${at}/${metadata.labels?.[label.roleId]}`, reason: 'Pulling', message };
    });
}

const findPulls = (pods: Pods): Pull[] =>
  [...pods.values()].flatMap((pod) =>
    [...(pod.status?.initContainerStatuses ?? []), ...(pod.status?.containerStatuses ?? [])].flatMap(
      ({ state }) => {
        const message = state?.waiting?.message ?? '';
        return readPullMessage(message)?.percent === undefined ? [] : [{ pod, message }];
      },
    ),
  );
