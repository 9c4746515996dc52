import type { ModelServing } from '../../api/types/model-serving.js';
import type { AnyResource, Pod, Secret } from '../../api/types/resources.js';

/** What is shorter stands in too many words by chance: `1`, `true`, `8000`. */
const shortestHidden = 6;

export interface HiddenValues {
  /** Takes note of what an object must not give away: the data of a Secret, the env of templates and Pods. */
  learn(object: AnyResource): void;
  /** A message with `***` in the place of every value known. */
  hide(message: string): string;
}

/** The last words of a container and the engine's complaints may cite what it was given: that does not go into a recording. */
export function hiddenValues(): HiddenValues {
  const known = new Set<string>();
  let longestFirst: string[] | undefined = [];
  const add = (text: string | undefined) => {
    for (const each of [text, ...(text?.includes('\n') ? text.split('\n') : [])]) {
      const value = each?.trim() ?? '';
      if (value.length < shortestHidden) continue;
      if (known.has(value)) continue;
      known.add(value);
      longestFirst = undefined;
    }
  };
  const addSpec = (spec: Pick<Pod['spec'], 'containers' | 'initContainers'> | undefined) => {
    for (const { env } of [...(spec?.containers ?? []), ...(spec?.initContainers ?? [])])
      for (const { name, value } of env ?? []) if (!isPublic(name)) add(value);
  };
  return {
    learn(object) {
      if (object.kind === 'Secret')
        for (const each of Object.values((object as Secret).data ?? {}))
          add(Buffer.from(each, 'base64').toString('utf8'));
      if (object.kind === 'Pod') addSpec((object as Pod).spec);
      if (object.kind === 'ModelServing')
        for (const { entryTemplate, workerTemplate } of (object as ModelServing).spec.template.roles) {
          addSpec(entryTemplate.spec);
          addSpec(workerTemplate?.spec);
        }
    },
    hide(message) {
      longestFirst ??= [...known].sort((a, b) => b.length - a.length);
      let text = message;
      for (const value of longestFirst) if (text.includes(value)) text = text.replaceAll(value, '***');
      return text;
    },
  };
}

/** Made of names that are on the board. */
const isPublic = (name: string): boolean => /^(GROUP_SIZE|ENTRY_ADDRESS|WORKER_INDEX)$/.test(name);
