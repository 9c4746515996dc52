import { constants, createDeflate, createInflate } from 'node:zlib';
import { spdyDictionary } from './dictionary.js';

export interface HeaderBlocks {
  /** Names in lower case. Rejects for what is none. */
  read(block: Buffer): Promise<ReadonlyMap<string, string>>;
  write(headers: ReadonlyMap<string, string>): Promise<Buffer>;
  close(): void;
}

/** The headers of one connection: each direction is one compressed stream, so blocks must be read and written in their order. */
export function headerBlocks(): HeaderBlocks {
  const options = { dictionary: spdyDictionary, flush: constants.Z_SYNC_FLUSH };
  const [inflate, deflate] = [createInflate(options), createDeflate(options)];
  const through = (coder: typeof inflate | typeof deflate, input: Buffer): Promise<Buffer> =>
    new Promise((resolve, reject) => {
      coder.once('error', reject);
      coder.write(input, () => {
        coder.off('error', reject);
        resolve((coder.read() as Buffer | null) ?? Buffer.alloc(0));
      });
    });
  return {
    read: async (block) => parse(await through(inflate, block)),
    write: (headers) => through(deflate, format(headers)),
    close() {
      inflate.close();
      deflate.close();
    },
  };
}

function parse(block: Buffer): Map<string, string> {
  const headers = new Map<string, string>();
  let at = 4;
  const text = () => {
    const end = at + 4 + block.readUInt32BE(at);
    if (end > block.length) throw new Error('a header block that ends early');
    const found = block.toString('utf8', at + 4, end);
    at = end;
    return found;
  };
  for (let left = block.readUInt32BE(0); left > 0; left--) {
    const name = text().toLowerCase();
    headers.set(name, text());
  }
  return headers;
}

function format(headers: ReadonlyMap<string, string>): Buffer {
  const length = (count: number) => {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(count);
    return bytes;
  };
  const pieces = [...headers].flat().flatMap((each) => {
    const bytes = Buffer.from(each);
    return [length(bytes.length), bytes];
  });
  return Buffer.concat([length(headers.size), ...pieces]);
}
