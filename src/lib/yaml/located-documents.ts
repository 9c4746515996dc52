import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isSeq,
  LineCounter,
  type Node,
  parseAllDocuments,
  type Range,
  visit,
} from 'yaml';

export type Path = readonly (string | number)[];

/** A span of the text; lines and columns count from 1. */
export interface Span {
  line: number;
  column: number;
  /** The source line and, below it, ^^^ under the span. */
  pointer: string;
}

export interface LocatedDocument {
  readonly document: Document;
  /** The plain value; undefined where the document has errors. */
  readonly value: unknown;
  /** Syntax errors and warnings, in the words of the parser, shortened to one line. */
  readonly problems: readonly { message: string; isError: boolean; at: Span }[];
  /** Where the value at a path stands, or its key; the nearest part of the path that exists. */
  locate(path: Path, part?: 'key' | 'value'): Span;
}

/** Every document of a file with the places of its values. Never throws: what the parser refuses stands in `problems`. */
export function locatedDocuments(text: string): LocatedDocument[] {
  const lines = new LineCounter();
  const options = { lineCounter: lines, prettyErrors: true, merge: true, keepSourceTokens: true } as const;
  const parsed = parseAllDocuments(text, options);
  const documents = 'empty' in parsed ? [] : parsed;
  const source = text.split('\n');
  const spanAt = (start: number, end: number): Span => {
    const { line, col } = lines.linePos(Math.min(start, text.length));
    const content = (source[line - 1] ?? '').replace(/\r$/, '');
    const width = Math.max(1, Math.min(end - start, content.length - col + 1));
    return { line, column: col, pointer: `${content}\n${' '.repeat(col - 1)}${'^'.repeat(width)}` };
  };
  return documents.map((document): LocatedDocument => {
    readOctals(document);
    const problems = [
      ...document.errors.map((each) => ({ error: each, isError: true })),
      ...document.warnings.map((each) => ({ error: each, isError: false })),
    ].map(({ error, isError }) => ({
      message: (error.message.split('\n')[0] ?? '').replace(/ at line \d+, column \d+:?$/, ''),
      isError,
      at: spanAt(error.pos[0], error.pos[1]),
    }));
    let value: unknown;
    if (document.errors.length === 0) {
      try {
        value = document.toJS({ maxAliasCount: 1000 });
      } catch (error) {
        problems.push({
          message: error instanceof Error ? error.message : String(error),
          isError: true,
          at: spanAt(document.range[0], document.range[0] + 1),
        });
      }
    }
    const locate = (path: Path, part: 'key' | 'value' = 'value'): Span => {
      const range = rangeOf(document, path, part) ?? document.range;
      return spanAt(range[0], range[1]);
    };
    return { document, value, problems, locate };
  });
}

/** `0755` is an octal number to Kubernetes' tools, whose YAML is older: file modes are written so. */
function readOctals(document: Document): void {
  visit(document, {
    Scalar(_key, scalar) {
      if (typeof scalar.value === 'number' && /^0[0-7]+$/.test(scalar.source ?? ''))
        scalar.value = Number.parseInt(scalar.source ?? '', 8);
    },
  });
}

function rangeOf(document: Document, path: Path, part: 'key' | 'value'): Range | undefined {
  let node = resolved(document, document.contents as Node | null);
  let range: Range | undefined = node?.range ?? undefined;
  for (const [at, step] of path.entries()) {
    const isLast = at === path.length - 1;
    let next: Node | null | undefined;
    if (isMap(node)) {
      const pair = node.items.find(
        (each) => String((each.key as { value?: unknown } | null)?.value) === String(step),
      );
      if (!pair) return range;
      const key = pair.key as Node | null;
      next = pair.value as Node | null;
      // An empty value has no text of its own: its key stands for it.
      const own = isLast && part === 'key' ? key : next?.range && next.range[1] > next.range[0] ? next : key;
      range = own?.range ?? range;
    } else if (isSeq(node)) {
      next = node.items[Number(step)] as Node | undefined;
      range = next?.range ?? range;
    } else return range;
    node = resolved(document, next ?? null);
  }
  return range;
}

const resolved = (document: Document, node: Node | null): Node | undefined =>
  (isAlias(node) ? (node as Alias).resolve(document) : node) ?? undefined;
