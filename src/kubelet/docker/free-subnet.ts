import { localSubnets } from './local-subnets.js';

/** Subnets of 1,022 pods each, in a part of 10/8 that home and company networks seldom use. */
const candidates = Array.from(
  { length: 256 },
  (_, at) => `10.${200 + Math.floor(at / 64)}.${(at % 64) * 4}.0/22`,
);

/** The first of our subnets that overlaps with none of `taken` (CIDRs of the engine's networks) and nothing that this machine uses itself. */
export function freeSubnet(taken: readonly string[]): string | undefined {
  const all = [...taken, ...localSubnets()].filter((cidr) => cidr.includes('.')).map(range);
  return candidates.find((candidate) => {
    const own = range(candidate);
    return !all.some((other) => own.first <= other.last && other.first <= own.last);
  });
}

function range(cidr: string): { first: number; last: number } {
  const [address = '', bits = '32'] = cidr.split('/');
  const number = address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  const size = 2 ** (32 - Number(bits));
  const first = Math.floor(number / size) * size;
  return { first, last: first + size - 1 };
}
