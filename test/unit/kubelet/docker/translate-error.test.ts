import { expect, it } from 'vitest';
import { demultiplex } from '../../../../src/kubelet/docker/demultiplex.js';
import { jsonLines } from '../../../../src/kubelet/docker/json-lines.js';
import {
  orUndefined,
  settled,
  translatedChunks,
  translateError,
} from '../../../../src/kubelet/docker/translate-error.js';

const reply = (statusCode: number, message: string) =>
  Object.assign(new Error(`(HTTP code ${statusCode}) some words - ${message}`), {
    statusCode,
    json: { message },
  });
const system = (code: string) => Object.assign(new Error(`connect ${code}`), { code });

it.each([
  ['a socket that is not there', system('ENOENT'), 'EngineUnreachable', /start it again/],
  ['nobody listens', system('ECONNREFUSED'), 'EngineUnreachable', /start it again/],
  [
    'cut off',
    Object.assign(new Error('aborted'), { code: 'ECONNRESET' }),
    'EngineUnreachable',
    /start it again/,
  ],
  ['hung up', new Error('socket hang up'), 'EngineUnreachable', /start it again/],
  ['not let in', system('EACCES'), 'EnginePermission', /usermod -aG docker/],
  ['no such thing', reply(404, 'No such image: x'), 'EngineNotFound', undefined],
  ['a name that is taken', reply(409, 'Conflict.'), 'EngineConflict', undefined],
  ['the same in Podman’s words', reply(500, 'the name "x" is already in use'), 'EngineConflict', undefined],
  [
    'no GPU toolkit',
    reply(500, 'could not select device driver "" with capabilities: [[gpu]]'),
    'EngineRefused',
    /nvidia-ctk/,
  ],
  ['a full disk', reply(500, 'write /x: no space left on device'), 'EngineRefused', /docker system df/],
  [
    'a port that is taken',
    reply(500, 'Bind for 127.0.0.1:80 failed: port is already allocated'),
    'EngineRefused',
    undefined,
  ],
])('%s', (_what, error, code, hint) => {
  const ours = translateError(error);
  expect(ours.code).toBe(code);
  if (hint) expect(ours.hint).toMatch(hint);
  else expect(ours.hint).toBeUndefined();
  expect(translateError(ours)).toBe(ours);
});

it('the engine’s own words are kept, without the library’s', () => {
  const { json: _, ...withoutBody } = reply(500, 'driver failed');
  expect(translateError(reply(500, 'driver failed')).message).toBe('driver failed');
  expect(
    translateError(Object.assign(new Error('(HTTP code 500) server error - driver failed '), withoutBody))
      .message,
  ).toBe('driver failed');
});

it('what is so already is no error, and what is absent only where that is fine', async () => {
  await settled(() => Promise.reject(reply(304, '')), false);
  await settled(() => Promise.reject(reply(404, 'No such container')), true);
  await settled(() => Promise.reject(reply(409, 'removal of container x is already in progress')), true);
  await expect(settled(() => Promise.reject(reply(404, 'no')), false)).rejects.toMatchObject({
    code: 'EngineNotFound',
  });
  await expect(settled(() => Promise.reject(reply(409, 'in use')), true)).rejects.toMatchObject({
    code: 'EngineConflict',
  });
  expect(await orUndefined(() => Promise.reject(reply(404, 'no')))).toBeUndefined();
  await expect(orUndefined(() => Promise.reject(reply(500, 'no')))).rejects.toMatchObject({
    code: 'EngineRefused',
  });
});

async function* cut(text: string) {
  yield Buffer.from(text);
  throw Object.assign(new Error('aborted'), { code: 'ECONNRESET' });
}
it('a stream that is cut off gives what came, then the translated error', async () => {
  const came: string[] = [];
  const reading = (async () => {
    for await (const chunk of translatedChunks(cut('x'))) came.push(String(chunk));
  })();
  await expect(reading).rejects.toMatchObject({ code: 'EngineUnreachable' });
  expect(came).toEqual(['x']);
});

/** The same bytes, cut at every place. */
function* cuts(bytes: Buffer): Generator<Buffer[]> {
  for (let at = 0; at <= bytes.length; at++) yield [bytes.subarray(0, at), bytes.subarray(at)];
  yield [...bytes].map((byte) => Buffer.from([byte]));
}
const streamOf = async function* (chunks: Buffer[]) {
  yield* chunks;
};

it('frames and lines are whole wherever the stream is cut', async () => {
  const frame = (stream: number, text: string) => {
    const head = Buffer.from([stream, 0, 0, 0, 0, 0, 0, 0]);
    head.writeUInt32BE(Buffer.byteLength(text), 4);
    return Buffer.concat([head, Buffer.from(text)]);
  };
  for (const chunks of cuts(Buffer.concat([frame(1, 'öut'), frame(2, 'err'), frame(1, '')]))) {
    const found: string[] = [];
    for await (const { stream, data } of demultiplex(streamOf(chunks)))
      found.push(`${stream} ${Buffer.from(data)}`);
    expect(found).toEqual(['stdout öut', 'stderr err', 'stdout ']);
  }
  for (const chunks of cuts(Buffer.from('{"a":"ö"}\r\n\n{"a":2}'))) {
    const found: unknown[] = [];
    for await (const each of jsonLines(streamOf(chunks))) found.push(each);
    expect(found).toEqual([{ a: 'ö' }, { a: 2 }]);
  }
});
