import { readFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';

/** Wider routes, as of a VPN that takes all of 10/8, leave no room anywhere; a network of ours inside them is told apart all the same. */
const widestBits = 16;

/** CIDRs that this machine uses: its interfaces, and on Linux its routes, which know the bridges of idle networks too. */
export function localSubnets(): string[] {
  const ofInterfaces = Object.values(networkInterfaces()).flatMap((addresses) =>
    (addresses ?? []).flatMap((each) => (each.family === 'IPv4' && each.cidr ? [each.cidr] : [])),
  );
  let table = '';
  try {
    table = readFileSync('/proc/net/route', 'utf8');
  } catch {
    // No Linux, no such file.
  }
  return [...ofInterfaces, ...routes(table)];
}

/** The destinations in /proc/net/route, whose numbers are hexadecimal with the last byte first. Pure. */
export const routes = (table: string): string[] =>
  table
    .split('\n')
    .slice(1)
    .flatMap((line) => {
      const columns = line.split('\t');
      const bytes = (columns[1] ?? '').match(/../g)?.reverse();
      const bits = Number.parseInt(columns[7] ?? '0', 16)
        .toString(2)
        .replaceAll('0', '').length;
      if (bytes?.length !== 4 || bits < widestBits) return [];
      return [`${bytes.map((byte) => Number.parseInt(byte, 16)).join('.')}/${bits}`];
    });
