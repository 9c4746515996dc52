import { groupVersionOf, type KindFacts } from '../api/kinds.js';
import type { AnyResource } from '../api/types/resources.js';
import type { Exchange } from './exchange.js';
import { jsonOf } from './json-of.js';
import type { ListMeta } from './list-page.js';
import { formIn } from './media-type.js';
import { newerEvent } from './newer-event.js';
import { includedIn, tableOf } from './table.js';
import type { Rules } from './table-columns.js';
import { toldMeta } from './told-meta.js';

/** Objects as JSON text, in the form that a request asks for. */
export interface ObjectForm {
  one(object: AnyResource): string;
  list(items: readonly AnyResource[], metadata: ListMeta): string;
  /** undefined: this form has none. */
  bookmark(resourceVersion: string, annotations?: Readonly<Record<string, string>>): string | undefined;
}

/** Throws NotAcceptable. */
export function objectForm(facts: KindFacts, { request, query }: Exchange, rules: Rules): ObjectForm {
  const form = formIn(request.headers.accept);
  if (form === 'Table') {
    const included = includedIn(query);
    const table = (items: readonly AnyResource[], metadata: ListMeta) =>
      JSON.stringify(tableOf(facts.resource, items, metadata, { included, rules }));
    return {
      one: (object) => table([object], { resourceVersion: object.metadata.resourceVersion ?? '' }),
      list: table,
      bookmark: () => undefined,
    };
  }
  const isWhole = form === 'Object';
  const apiVersion = isWhole ? groupVersionOf(facts) : 'meta.k8s.io/v1';
  const kind = isWhole ? facts.kind : 'PartialObjectMetadata';
  const one = isWhole
    ? facts.group === 'events.k8s.io'
      ? (event: AnyResource) => JSON.stringify(newerEvent(event))
      : jsonOf
    : (object: AnyResource) =>
        JSON.stringify({ kind, apiVersion, metadata: toldMeta(object.apiVersion, object.metadata) });
  return {
    one,
    list(items, metadata) {
      const head = JSON.stringify({ kind: `${kind}List`, apiVersion, metadata });
      return `${head.slice(0, -1)},"items":[${items.map(one).join(',')}]}`;
    },
    bookmark: (resourceVersion, annotations) =>
      JSON.stringify({
        kind,
        apiVersion,
        metadata: { resourceVersion, ...(annotations && { annotations }) },
      }),
  };
}
