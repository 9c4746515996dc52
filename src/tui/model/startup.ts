/** How far an inference server is on its way up, from what it logs: vLLM (0.6 to 0.11, V0 and V1) and SGLang (0.4, 0.5). */
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
  /** When the server began, and when this phase did: epoch milliseconds. */
  readonly beganMs: number;
  readonly phaseMs: number;
  /** It has engines only, and never says that an API is served. */
  readonly isHeadless: boolean;
}

const ready = startupPhases.length - 1;
/** One test for the many lines that say nothing of this. */
const mayTell = /vLLM|[Ll]oad|ompil|Dynamo|graph|[Cc]aptur|engine|startup|[Hh]eadless|ServerArgs|fired up/;
const headless = /Launching .* headless/;
const engineIsUp = /init engine .* took/;
/** What a line means: the phase, and whether it is over; a number in the line counts more. The first that fits counts. */
const signs: readonly (readonly [RegExp, number, 0 | 1])[] = [
  [/vLLM API server version|Launching .* headless|server_args=ServerArgs/, 0, 0],
  [/Initializing an? (?:V\d )?LLM engine/, 0, 0],
  [/[Ll]oading [^:%]*:\s*(\d+)%/, 1, 0],
  [/Loading (?:model )?weights took|Model loading took|Load weight end/, 1, 1],
  [/Starting to load model|Loading model from|Loading (?:model )?weights|Load weight begin/, 1, 0],
  [/torch\.compile (?:takes|took)/, 2, 1],
  // Not every mention of torch.compile: warnings while the model is loaded name it too.
  [/for vLLM's torch\.compile|Dynamo bytecode transform|Compiling a graph|Cache the graph/, 2, 0],
  [/the compiled graph/, 2, 0],
  [/Capturing (?:CUDA graph|batches)[^:]*:\s*(\d+)%/, 3, 0],
  [/Graph capturing finished|init engine .* took|Capture cuda graph end/, 3, 1],
  [/Capturing (?:CUDA graph|cudagraphs|the model for CUDA graphs)|Capture cuda graph begin/, 3, 0],
  [/Application startup complete|The server is fired up|Headless: /, ready, 1],
];
const beginsAnew = signs[0]?.[0];

/** What is known after one more line. A phase is never gone back to, except by a server that begins anew. */
export function startupAfter(before: Startup | undefined, line: string, atMs: number): Startup | undefined {
  if (!mayTell.test(line)) return before;
  for (const [sign, phase, share] of signs) {
    const found = sign.exec(line);
    if (!found) continue;
    const now = before?.isHeadless && engineIsUp.test(line) ? ready : phase;
    if (!before || (now === 0 && isAnotherServer(before, sign)))
      return { phase: now, share, beganMs: atMs, phaseMs: atMs, isHeadless: headless.test(line) };
    const next: Startup = {
      ...before,
      phase: now,
      share: found[1] === undefined ? share : Number(found[1]) / 100,
      phaseMs: now === before.phase ? before.phaseMs : atMs,
      isHeadless: before.isHeadless || headless.test(line),
    };
    return now < before.phase || (now === before.phase && next.share < before.share) ? before : next;
  }
  return before;
}

/** An engine begins after its server has, and one of several while another loads already. */
const isAnotherServer = (before: Startup, sign: RegExp): boolean =>
  isReady(before) || (sign === beginsAnew && before.phase > 0);

export const isReady = ({ phase }: Startup): boolean => phase === ready;

/** Of the whole way, 0 to 1. */
export const startupShare = ({ phase, share }: Startup): number =>
  phase === ready ? 1 : (phase + share) / ready;
