import { expect, it } from 'vitest';
import { locatedDocuments } from '../../../src/lib/yaml/located-documents.js';

it('reads a number as the tools of Kubernetes read it', () => {
  const [document] = locatedDocuments('a: 0755\nb: 0o755\nc: "0755"\nd: 755\ne: 0\nf: 08\n');
  expect(document?.value).toEqual({ a: 493, b: 493, c: '0755', d: 755, e: 0, f: 8 });
});
