const signals = ['SIGTERM', 'SIGHUP', 'SIGINT', 'SIGQUIT'] as const;

/** Runs `cleanUp` on the first signal that ends a process, then lets the signal end it. The returned function takes this back. */
export function onTerminationSignal(cleanUp: () => void): () => void {
  const listeners = signals.map((signal) => {
    const listener = () => {
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
