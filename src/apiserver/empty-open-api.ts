import { programVersion } from '../lib/program-version.js';

/**
 * OpenAPI v2 without a kind in it, in the form that a client asks for. kubectl looks here for what v3 does not have, such as a List or a kind
 * that nobody serves, and checks nothing that it does not find; where it gets no answer at all, it refuses the whole file.
 */
export function emptyOpenApi(accept: string | undefined): { contentType: string; body: Buffer } {
  const [swagger, title, version] = ['2.0', 'minithena', programVersion()];
  if (!accept?.includes('proto-openapi')) {
    const document = { swagger, info: { title, version }, paths: {} };
    return { contentType: 'application/json', body: Buffer.from(JSON.stringify(document)) };
  }
  const info = Buffer.concat([field(1, Buffer.from(title)), field(2, Buffer.from(version))]);
  return {
    contentType: 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf',
    body: Buffer.concat([field(1, Buffer.from(swagger)), field(2, info)]),
  };
}

/** A field of Protocol Buffers that is a text or a message, shorter than 128 bytes. */
const field = (number: number, content: Buffer): Buffer =>
  Buffer.concat([Buffer.from([(number << 3) | 2, content.length]), content]);
