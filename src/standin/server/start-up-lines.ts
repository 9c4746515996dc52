export interface StartUpLine {
  /** When it is said: share of the time that the start takes. */
  readonly share: number;
  readonly source: string;
  readonly text: string;
}

/** What vLLM logs between its first line and its first reply, in its words, so that what reads them can be tried. */
export function startUpLines(startupMs: number): StartUpLine[] {
  const seconds = (startupMs * 0.4) / 1000;
  return [
    {
      share: 0.2,
      source: 'weight_utils.py:440',
      text: 'Loading safetensors checkpoint shards:  50% Completed | 1/2',
    },
    {
      share: 0.4,
      source: 'default_loader.py:268',
      text: `Loading weights took ${seconds.toFixed(2)} seconds`,
    },
    {
      share: 0.4,
      source: 'gpu_model_runner.py:2653',
      text: `Model loading took 0.0 GiB and ${seconds.toFixed(1)} seconds`,
    },
    { share: 0.5, source: 'backends.py:548', text: 'Dynamo bytecode transform time: 0.00 s' },
    { share: 0.7, source: 'monitor.py:34', text: 'torch.compile takes 0.00 s in total' },
    {
      share: 0.8,
      source: 'gpu_model_runner.py:2702',
      text: 'Capturing CUDA graphs (decode, FULL):  50%|█████     | 1/2',
    },
    {
      share: 0.95,
      source: 'gpu_model_runner.py:2790',
      text: 'Graph capturing finished in 0 secs, took 0.00 GiB',
    },
  ];
}
