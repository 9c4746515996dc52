/** Node.js prints its warnings to standard error, which is the screen: from now on they wait until the function that is returned is called. */
export function holdWarnings(): () => void {
  const held: Error[] = [];
  const hold = (warning: Error) => held.push(warning);
  const printers = process.listeners('warning');
  process.removeAllListeners('warning').on('warning', hold);
  return () => {
    process.off('warning', hold);
    for (const printer of printers) process.on('warning', printer);
    for (const warning of held) process.emit('warning', warning);
  };
}
