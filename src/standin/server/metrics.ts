const secondsBuckets = [
  0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 20, 40, 80,
];
const latencyBuckets = [0.3, 0.5, 0.8, 1, 1.5, 2, 2.5, 5, 10, 15, 20, 30, 40, 50, 60, 120];
const tokenBuckets = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000];

interface Histogram {
  bounds: readonly number[];
  counts: number[];
  sum: number;
  count: number;
}
const histogram = (bounds: readonly number[]): Histogram => ({
  bounds,
  counts: bounds.map(() => 0),
  sum: 0,
  count: 0,
});
function observe(into: Histogram, value: number): void {
  into.sum += value;
  into.count++;
  into.bounds.forEach((bound, at) => {
    if (value <= bound) into.counts[at] = (into.counts[at] ?? 0) + 1;
  });
}

export interface FinishedRequest {
  promptTokens: number;
  generatedTokens: number;
  finishReason: 'stop' | 'length' | 'abort';
  firstTokenMs: number | undefined;
  totalMs: number;
}
export interface Metrics {
  running: number;
  waiting: number;
  finished(request: FinishedRequest): void;
  /** Prometheus' text format, under vLLM's names. */
  text(): string;
}

/** What vLLM measures of itself, as far as autoscalers and dashboards read it. */
export function serverMetrics(model: string, cacheTokens: number): Metrics {
  const labels = `engine="0",model_name="${model.replace(/["\\\n]/g, '_')}"`;
  const startedAtSeconds = Date.now() / 1000;
  const success = { stop: 0, length: 0, abort: 0 };
  let promptTokens = 0;
  let generatedTokens = 0;
  const timeToFirst = histogram(secondsBuckets);
  const perToken = histogram(secondsBuckets);
  const latency = histogram(latencyBuckets);
  const promptSizes = histogram(tokenBuckets);
  const answerSizes = histogram(tokenBuckets);

  const head = (name: string, type: string, help: string) =>
    `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n`;
  const single = (name: string, type: 'gauge' | 'counter', help: string, value: number) =>
    `${head(name, type, help)}${name}{${labels}} ${value}\n`;
  const spread = (name: string, help: string, of: Histogram) => {
    const buckets = of.bounds.map(
      (bound, at) => `${name}_bucket{${labels},le="${bound}"} ${of.counts[at]}\n`,
    );
    return `${head(name, 'histogram', help)}${buckets.join('')}${name}_bucket{${labels},le="+Inf"} ${of.count}\n${name}_sum{${labels}} ${of.sum}\n${name}_count{${labels}} ${of.count}\n`;
  };

  const metrics: Metrics = {
    running: 0,
    waiting: 0,
    finished(request) {
      promptTokens += request.promptTokens;
      generatedTokens += request.generatedTokens;
      success[request.finishReason]++;
      const { firstTokenMs, totalMs } = request;
      if (firstTokenMs !== undefined) {
        observe(timeToFirst, firstTokenMs / 1000);
        if (request.generatedTokens > 1)
          observe(perToken, (totalMs - firstTokenMs) / 1000 / (request.generatedTokens - 1));
      }
      observe(latency, totalMs / 1000);
      observe(promptSizes, request.promptTokens);
      observe(answerSizes, request.generatedTokens);
    },
    text() {
      const cacheUse = Math.min(1, (metrics.running * 64) / cacheTokens);
      const reasons = Object.entries(success).map(
        ([reason, n]) => `vllm:request_success_total{${labels},finished_reason="${reason}"} ${n}\n`,
      );
      return [
        single(
          'vllm:num_requests_running',
          'gauge',
          'Number of requests in model execution batches.',
          metrics.running,
        ),
        single(
          'vllm:num_requests_waiting',
          'gauge',
          'Number of requests waiting to be processed.',
          metrics.waiting,
        ),
        single('vllm:kv_cache_usage_perc', 'gauge', 'KV-cache usage. 1 means 100 percent usage.', cacheUse),
        single('vllm:gpu_cache_usage_perc', 'gauge', 'Older name of vllm:kv_cache_usage_perc.', cacheUse),
        single('vllm:prompt_tokens_total', 'counter', 'Number of prefill tokens processed.', promptTokens),
        single(
          'vllm:generation_tokens_total',
          'counter',
          'Number of generation tokens processed.',
          generatedTokens,
        ),
        head('vllm:request_success_total', 'counter', 'Count of successfully processed requests.'),
        ...reasons,
        spread(
          'vllm:time_to_first_token_seconds',
          'Histogram of time to first token in seconds.',
          timeToFirst,
        ),
        spread(
          'vllm:time_per_output_token_seconds',
          'Histogram of time per output token in seconds.',
          perToken,
        ),
        spread('vllm:e2e_request_latency_seconds', 'Histogram of e2e request latency in seconds.', latency),
        spread('vllm:request_prompt_tokens', 'Number of prefill tokens processed.', promptSizes),
        spread('vllm:request_generation_tokens', 'Number of generation tokens processed.', answerSizes),
        `${head('process_resident_memory_bytes', 'gauge', 'Resident memory size in bytes.')}process_resident_memory_bytes ${process.memoryUsage.rss()}\n`,
        `${head('process_start_time_seconds', 'gauge', 'Start time of the process since unix epoch in seconds.')}process_start_time_seconds ${startedAtSeconds}\n`,
      ].join('');
    },
  };
  return metrics;
}
