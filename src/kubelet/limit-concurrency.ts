export interface Slots {
  /** How many may run at once from now on; those that run already go on. */
  setLimit(limit: number): void;
  /** Runs when a slot is free, in order of asking. */
  run<T>(task: () => Promise<T>): Promise<T>;
}

/** Runs only so many tasks at once; one until a limit is set. */
export function limitConcurrency(): Slots {
  let limit = 1;
  let running = 0;
  const queue: (() => void)[] = [];
  const pump = () => {
    while (running < limit) {
      const next = queue.shift();
      if (!next) return;
      running++;
      next();
    }
  };
  return {
    setLimit(wanted) {
      limit = Math.max(1, wanted);
      pump();
    },
    async run(task) {
      await new Promise<void>((resolve) => {
        queue.push(resolve);
        pump();
      });
      try {
        return await task();
      } finally {
        running--;
        pump();
      }
    },
  };
}
