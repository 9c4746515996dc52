import { expect, it } from 'vitest';
import { pullMessage } from '../../../src/api/pull-message.js';
import { asciiGlyphs, unicodeGlyphs } from '../../../src/tui/present/glyphs.js';
import { pullText } from '../../../src/tui/present/pull-text.js';

const gib = 2 ** 30;

it('shows a pull as a bar with its amounts, and leaves other reasons alone', () => {
  const message = pullMessage('vllm/vllm-openai:v0.6.3', { doneBytes: 1.2 * gib, totalBytes: 4.7 * gib });
  expect(pullText(message, unicodeGlyphs)).toBe('██░░░░░░░░ 1.2/4.7 GiB vllm/vllm-openai:v0.6.3');
  expect(pullText(message, asciiGlyphs)).toBe('##........ 1.2/4.7 GiB vllm/vllm-openai:v0.6.3');
  expect(pullText('Pulling image "a"', unicodeGlyphs)).toBe('Pulling image "a"');
});
