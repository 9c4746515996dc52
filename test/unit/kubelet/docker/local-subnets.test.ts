import { expect, it } from 'vitest';
import { routes } from '../../../../src/kubelet/docker/local-subnets.js';

it('reads the kernel’s table of routes, without those that take nearly everything', () => {
  const row = (destination: string, mask: string) =>
    ['br0', destination, '00000000', '0001', '0', '0', '0', mask, '0', '0', '0'].join('\t');
  const head = 'Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT';
  const table = [
    head,
    row('00000000', '00000000'),
    row('0000000A', '000000FF'),
    row('0004C80A', '00FCFFFF'),
    row('000011AC', '0000FFFF'),
    '',
  ];
  expect(routes(table.join('\n'))).toEqual(['10.200.4.0/22', '172.17.0.0/16']);
  expect(routes('')).toEqual([]);
});
