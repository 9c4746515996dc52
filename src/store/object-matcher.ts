import { matchesLabels } from '../api/selectors/matches-labels.js';
import { parseFieldSelector } from '../api/selectors/parse-field-selector.js';
import { parseLabelSelector } from '../api/selectors/parse-label-selector.js';
import { selectableField } from '../api/selectors/selectable-fields.js';
import type { AnyResource, ResourceName } from '../api/types/resources.js';
import type { ListFilter } from './object-store.js';

/** Whether an object of this kind is meant by namespace, label selector and field selector. Throws Usage for a selector that is none. Pure. */
export function objectMatcher(
  resource: ResourceName,
  { namespace, labelSelector = '', fieldSelector = '' }: ListFilter,
): (object: AnyResource) => boolean {
  const labelTerms = parseLabelSelector(labelSelector);
  const fieldTerms = parseFieldSelector(fieldSelector).map(({ field, operator, value }) => {
    const read = selectableField(resource, field);
    return (object: AnyResource) => ((read(object) ?? '') === value) === (operator === '=');
  });
  return (object) =>
    (namespace === undefined || object.metadata.namespace === namespace) &&
    matchesLabels(labelTerms, object.metadata.labels) &&
    fieldTerms.every((holds) => holds(object));
}
