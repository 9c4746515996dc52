/** As many as Kubernetes tells. */
const mostTold = 100;

interface Level {
  /** Absent in a list. */
  readonly keys?: Set<string>;
  /** Where it is now: the key, or the place in the list. */
  at: string | number;
  isAtKey: boolean;
}

/** The paths of the keys that a text of JSON has more than once in a map, each once: `spec.containers[0].name`. The text must be JSON. Pure. */
export function duplicateJsonKeys(text: string): string[] {
  const found = new Set<string>();
  const levels: Level[] = [];
  for (let at = 0; at < text.length && found.size < mostTold; at++) {
    const level = levels.at(-1);
    switch (text.charAt(at)) {
      case '{':
        levels.push({ keys: new Set(), at: '', isAtKey: true });
        break;
      case '[':
        levels.push({ at: 0, isAtKey: false });
        break;
      case '}':
      case ']':
        levels.pop();
        break;
      case ',':
        if (level?.keys) level.isAtKey = true;
        else if (level) level.at = Number(level.at) + 1;
        break;
      case '"': {
        const end = endOfText(text, at);
        if (level?.keys && level.isAtKey) {
          const key = JSON.parse(text.slice(at, end + 1)) as string;
          level.at = key;
          level.isAtKey = false;
          if (level.keys.has(key)) found.add(pathOf(levels));
          level.keys.add(key);
        }
        at = end;
        break;
      }
    }
  }
  return [...found];
}

function endOfText(text: string, begin: number): number {
  let at = begin + 1;
  while (text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at;
}

const pathOf = (levels: readonly Level[]): string =>
  levels
    .map(({ at }, depth) => (typeof at === 'number' ? `[${at}]` : `${depth > 0 ? '.' : ''}${at}`))
    .join('');
