import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readProtobufBody } from '../../../../src/apiserver/protobuf/read-protobuf-body.js';
import { isAppError } from '../../../../src/lib/app-error.js';

/** Written by k8s.io/apimachinery v0.34.1; what Go leaves empty is left out of the JSON. */
const messages: { json: { kind: string }; protobuf: string }[] = JSON.parse(
  readFileSync(new URL('go-messages.json', import.meta.url), 'utf8'),
);
const bodies = messages.map(
  ({ json, protobuf }) => [json.kind, json, Buffer.from(protobuf, 'base64')] as const,
);

it.each(bodies)('reads a %s as Go writes it', (_kind, json, bytes) => {
  expect(readProtobufBody(bytes)).toEqual(json);
});

it('says what it does not read', () => {
  const head = Buffer.from([10, 10, 10, 2, ...Buffer.from('v1'), 18, 4]);
  const node = Buffer.concat([Buffer.from('k8s\0'), head, Buffer.from('Node')]);
  expect(() => readProtobufBody(node)).toThrow(/the kind Node is not read/);
  expect(() => readProtobufBody(Buffer.from('k8s\0'))).toThrow(/without a kind/);
  expect(() => readProtobufBody(Buffer.from('{}'))).toThrow(/does not begin with k8s/);
  expect(readProtobufBody(Buffer.alloc(0))).toEqual({});
});

it('refuses whatever is no message, in words', () => {
  const broken = fc
    .tuple(fc.constantFrom(...bodies), fc.nat(), fc.nat(255), fc.boolean())
    .map(([[, , bytes], at, byte, isCut]) => {
      const copy = Buffer.from(bytes);
      copy[4 + (at % (copy.length - 4))] = byte;
      return isCut ? copy.subarray(0, at % copy.length) : copy;
    });
  fc.assert(
    fc.property(
      fc.oneof(
        broken,
        fc.uint8Array().map((rest) => Buffer.concat([Buffer.from('k8s\0'), rest])),
      ),
      (bytes) => {
        try {
          JSON.stringify(readProtobufBody(bytes));
        } catch (error) {
          expect(isAppError(error), String(error)).toBe(true);
        }
      },
    ),
  );
});
