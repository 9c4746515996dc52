import { expect, test } from 'vitest';
import { eventFilter, toggleWarnings } from '../../../src/tui/model/event-filter.js';
import { event } from './sample-objects.js';

const events = [
  event({ kind: 'ModelServing', name: 'sample' }, 'Normal', 'RoleRunning', 'prefill-0 is Running', 9),
  event({ kind: 'Pod', name: 'sample-0-decode-0-0' }, 'Warning', 'BackOff', 'restarting: exit code 3', 8),
  event({ kind: 'Pod', name: 'sample-1-decode-0-0' }, 'Normal', 'Started', 'Started container vllm', 7),
];

test.each([
  ['', [0, 1, 2]],
  ['running', [0]],
  ['kind:pod', [1, 2]],
  ['kind:pod reason:started', [2]],
  ['type:Warning', [1]],
  ['-type:normal', [1]],
  ['-started', [0, 1]],
  ['object:sample-1', [2]],
  ['exit code', [1]],
  ['exit: 3', []],
  ['code:3', []],
  ['-', [0, 1, 2]],
  ['kind:', [0, 1, 2]],
])('%j shows %j', (text, shown) => {
  expect(events.filter(eventFilter(text)).map((each) => events.indexOf(each))).toEqual(shown);
});

test('warnings alone, and all again, whatever else is asked for', () => {
  expect(toggleWarnings('kind:Pod')).toBe('kind:Pod type:warning');
  expect(toggleWarnings('type:Warning kind:Pod')).toBe('kind:Pod');
  expect(toggleWarnings('')).toBe('type:warning');
});
