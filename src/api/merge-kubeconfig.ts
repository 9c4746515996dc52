import { parse } from 'yaml';
import { AppError, messageOf } from '../lib/app-error.js';
import { changesBetween } from '../lib/changes-between.js';
import { editDocument } from '../lib/yaml/edit-document.js';

export interface MergedKubeconfig {
  readonly text: string;
  /** That of the kubeconfig put in, which is the current one now. */
  readonly context: string;
  /** The current one before, '' where there was none. */
  readonly before: string;
}

/**
 * A kubeconfig with what another one has: entries of the same name are replaced, everything else stays as it is written. The namespace that
 * somebody has given to the context stays too. Pure. Throws Usage for what is no kubeconfig, NotEditable.
 */
export function mergeKubeconfig(text: string, added: string): MergedKubeconfig {
  const own = configIn(added);
  const config = configIn(text);
  const context = String(own['current-context']);
  const before = String(config['current-context'] ?? '');
  if (Object.keys(config).length === 0) return { text: `${text}${added}`, context, before };
  const wanted = {
    ...config,
    clusters: withEntries(config.clusters, own.clusters),
    users: withEntries(config.users, own.users),
    contexts: withEntries(config.contexts, own.contexts?.map(withNamespaceOf(config.contexts))),
    'current-context': context,
  };
  return { text: editDocument(text, 0, changesBetween(config, wanted)), context, before };
}

type Entries = readonly Entry[] | null | undefined;
interface Entry {
  readonly name: string;
  readonly context?: { readonly namespace?: string };
}
interface Config {
  readonly 'current-context'?: string;
  readonly clusters?: Entries;
  readonly users?: Entries;
  readonly contexts?: Entries;
}

const withEntries = (old: Entries, added: Entries): readonly Entry[] => {
  const entries = [...(old ?? [])];
  for (const entry of added ?? []) {
    const at = entries.findIndex(({ name }) => name === entry.name);
    if (at < 0) entries.push(entry);
    else entries[at] = entry;
  }
  return entries;
};

const withNamespaceOf =
  (old: Entries) =>
  (entry: Entry): Entry => {
    const namespace = old?.find(({ name }) => name === entry.name)?.context?.namespace;
    return namespace === undefined ? entry : { ...entry, context: { ...entry.context, namespace } };
  };

function configIn(text: string): Config {
  let value: unknown;
  try {
    value = parse(text, { merge: true }) ?? {};
  } catch (error) {
    throw new AppError('Usage', `this is no YAML: ${messageOf(error)}`);
  }
  if (typeof value === 'object' && !Array.isArray(value)) return value as Config;
  throw new AppError('Usage', 'this is no kubeconfig: it is no map');
}
