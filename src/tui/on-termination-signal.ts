const signals = ['SIGTERM', 'SIGHUP', 'SIGINT', 'SIGQUIT'] as const;

/**
 * Runs `cleanUp` on the first signal that ends a process, then lets the signal end it. The returned function takes this back.
 * A signal that is `isAnothers` does nothing: Ctrl-C in a program that has the terminal reaches this process as well.
 */
export function onTerminationSignal(
  cleanUp: () => void,
  isAnothers: (signal: NodeJS.Signals) => boolean = () => false,
): () => void {
  const listeners = signals.map((signal) => {
    const listener = () => {
      if (isAnothers(signal)) return;
      forget();
      cleanUp();
      process.kill(process.pid, signal);
    };
    process.on(signal, listener);
    return () => void process.off(signal, listener);
  });
  const forget = () => {
    for (const off of listeners) off();
  };
  return forget;
}
