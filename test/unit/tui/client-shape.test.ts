import { expect, test } from 'vitest';
import type { CliClient } from '../../../src/cli/cli-client.js';
import { stagesOf, type TuiClient } from '../../../src/tui/tui-client.js';

/** The client that the command line hands over has the shape that the terminal UI asks for: the compiler checks it. */
const handedOver = (client: CliClient): TuiClient => client;

test('a plan of one ModelServing and a list of plans are read alike', () => {
  const stages = [{ cells: [], note: 'Scale completed', startedAt: '' }];
  expect(stagesOf({ stages })).toBe(stages);
  expect(stagesOf([{ stages }])).toBe(stages);
  expect(stagesOf([])).toEqual([]);
  expect(handedOver).toBeTypeOf('function');
});
