const toNumber = (ip: string) => ip.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
const toIp = (n: number) => [24, 16, 8, 0].map((shift) => Math.floor(n / 2 ** shift) % 256).join('.');

const bounds = (subnet: string) => {
  const [base = '0.0.0.0', bits = '24'] = subnet.split('/');
  const size = 2 ** (32 - Number(bits));
  const first = Math.floor(toNumber(base) / size) * size;
  return { first, size };
};

export const inSubnet = (ip: string, subnet: string): boolean => {
  const { first, size } = bounds(subnet);
  return toNumber(ip) >= first && toNumber(ip) < first + size;
};

/**
 * The next free address after `previous` (so that a freed one is not handed out again at once), never the network's, broadcast's or
 * gateway's own. undefined when the subnet is full. Pure.
 */
export function allocateIp(
  network: { subnet: string; gateway: string },
  taken: ReadonlySet<string>,
  previous?: string,
): string | undefined {
  const { first, size } = bounds(network.subnet);
  const start = previous && inSubnet(previous, network.subnet) ? toNumber(previous) - first : 0;
  for (let step = 1; step < size; step++) {
    const offset = (start + step) % size;
    const ip = toIp(first + offset);
    if (offset !== 0 && offset !== size - 1 && ip !== network.gateway && !taken.has(ip)) return ip;
  }
  return undefined;
}
