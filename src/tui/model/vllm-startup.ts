/** How far a vLLM server is on its way up, from what it logs (seen of 0.6 to 0.11). */
export const startupPhases = [
  'starting',
  'loading weights',
  'compiling',
  'capturing graphs',
  'ready',
] as const;

export interface Startup {
  /** Index in `startupPhases`. */
  readonly phase: number;
  /** Of this phase, 0 to 1. */
  readonly share: number;
  /** When the server began, epoch milliseconds. */
  readonly beganMs: number;
}

const ready = startupPhases.length - 1;
/** One test for the many lines that say nothing of this. */
const mayTell = /vLLM|[Ll]oad|compil|Dynamo|[Cc]aptur|engine|startup|Headless/;
/** What a line means: the phase, and whether it is over; a number in the line counts more. The first that fits counts. */
const signs: readonly (readonly [RegExp, number, 0 | 1])[] = [
  [/vLLM API server version|Initializing an? (V\d )?LLM engine/, 0, 0],
  [/checkpoint shards:\s*(\d+)%/, 1, 0],
  [/Loading weights took|Model loading took/, 1, 1],
  [/Starting to load model|Loading model from|Loading weights/, 1, 0],
  [/torch\.compile takes|Compiling .* takes .* in total/, 2, 1],
  [/torch\.compile|Dynamo bytecode transform|Compiling a graph/, 2, 0],
  [/Capturing CUDA graph[^:]*:\s*(\d+)%/, 3, 0],
  [/Graph capturing finished|init engine .* took/, 3, 1],
  [/Capturing (CUDA graph|the model for CUDA graphs)/, 3, 0],
  [/Application startup complete|Headless: /, ready, 1],
];

/** What is known after one more line. A phase is never gone back to, except by a server that begins anew. */
export function startupAfter(before: Startup | undefined, line: string, atMs: number): Startup | undefined {
  if (!mayTell.test(line)) return before;
  for (const [sign, phase, share] of signs) {
    const found = sign.exec(line);
    if (!found) continue;
    if (phase === 0) return before?.phase === 0 ? before : { phase, share, beganMs: atMs };
    const next = {
      phase,
      share: found[1] === undefined ? share : Number(found[1]) / 100,
      beganMs: before?.beganMs ?? atMs,
    };
    const isBack = before && (phase < before.phase || (phase === before.phase && next.share < before.share));
    return isBack ? before : next;
  }
  return before;
}

export const isReady = ({ phase }: Startup): boolean => phase === ready;

/** Of the whole way, 0 to 1. */
export const startupShare = ({ phase, share }: Startup): number =>
  phase === ready ? 1 : (phase + share) / ready;
