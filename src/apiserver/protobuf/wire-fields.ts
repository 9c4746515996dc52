/** A field as it stands in a message: a number, or the bytes of a text or message. */
export interface WireField {
  readonly number: number;
  readonly value: bigint | Buffer;
}

/** The fields of a message of Protocol Buffers in their order; fixed-width ones are skipped. Throws RangeError for what is none. */
export function wireFields(bytes: Buffer): WireField[] {
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = bytes[at];
      if (byte === undefined) throw new RangeError('it ends within a number');
      at += 1;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asIntN(64, value);
    }
    throw new RangeError('a number is longer than 64 bits');
  };
  const take = (length: bigint): Buffer => {
    if (length < 0n || length > BigInt(bytes.length - at)) throw new RangeError('it ends within a field');
    const end = at + Number(length);
    const taken = bytes.subarray(at, end);
    at = end;
    return taken;
  };
  const fields: WireField[] = [];
  while (at < bytes.length) {
    const key = varint();
    const number = Number(key >> 3n);
    switch (Number(key & 7n)) {
      case 0:
        fields.push({ number, value: varint() });
        break;
      case 1:
        take(8n);
        break;
      case 2:
        fields.push({ number, value: take(varint()) });
        break;
      case 5:
        take(4n);
        break;
      default:
        throw new RangeError('a field is of no known type');
    }
  }
  return fields;
}
