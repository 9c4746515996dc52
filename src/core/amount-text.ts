/** An amount as people write it. */
export function amountText(resource: string, amount: number): string {
  if (resource === 'cpu') return amount % 1000 === 0 ? String(amount / 1000) : `${amount}m`;
  if (resource !== 'memory' && !resource.startsWith('hugepages-')) return String(amount);
  const units = ['', 'Ki', 'Mi', 'Gi', 'Ti'];
  let [value, at] = [amount, 0];
  while (value >= 1024 && at < units.length - 1) [value, at] = [value / 1024, at + 1];
  return `${Number(value.toFixed(1))}${units[at]}`;
}
