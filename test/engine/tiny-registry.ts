import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';

const digestOf = (data: Buffer) => `sha256:${createHash('sha256').update(data).digest('hex')}`;

/**
 * A registry of one image on 127.0.0.1, which engines trust without TLS: `<address>/<any name>:good` can be pulled; of `:broken` the layer
 * is missing; that of `:stalled` never comes; that of `:slow` comes in two halves, the second when `releaseSlow` was called; `:alien` is for another
 * architecture only; nothing else exists. With `login` it asks for name and password.
 */
export async function tinyRegistry(architecture: string, login?: { username: string; password: string }) {
  const tar = pack();
  // New every time: an engine never asks for a layer that it has.
  tar.entry({ name: 'hello' }, `${randomUUID()}\n`);
  tar.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of tar) chunks.push(chunk as Buffer);
  const layer = Buffer.concat(chunks);
  const zipped = gzipSync(layer);
  // Big enough for the engine to report what it has of it, and of a kind that cannot be packed.
  const slowTar = pack();
  slowTar.entry({ name: 'slow' }, randomBytes(4 * 2 ** 20));
  slowTar.finalize();
  const slowChunks: Buffer[] = [];
  for await (const chunk of slowTar) slowChunks.push(chunk as Buffer);
  const slowLayer = Buffer.concat(slowChunks);
  const slowZipped = gzipSync(slowLayer, { level: 0 });
  let releaseSlow = () => {};
  const slowReleased = new Promise<void>((resolve) => {
    releaseSlow = resolve;
  });
  const nowhere = Buffer.from('a layer that nobody has');
  // Each image has a config of its own: an engine that has one with the same config asks for no layer.
  const configOf = (content: Buffer) =>
    Buffer.from(
      JSON.stringify({
        architecture: /^(aarch64|arm64)/.test(architecture) ? 'arm64' : 'amd64',
        os: 'linux',
        config: {},
        rootfs: { type: 'layers', diff_ids: [digestOf(content)] },
        history: [{ created: '2026-01-01T00:00:00Z' }],
      }),
    );
  const never = Buffer.from('a layer that never comes');
  const configs = {
    good: configOf(layer),
    broken: configOf(nowhere),
    stalled: configOf(never),
    slow: configOf(slowLayer),
  };
  const blobs = new Map(
    [...Object.values(configs), zipped, slowZipped].map((blob) => [digestOf(blob), blob]),
  );
  const type = 'application/vnd.docker.distribution.manifest.v2+json';
  const manifest = (config: Buffer, layerDigest: string, size = zipped.length) =>
    Buffer.from(
      JSON.stringify({
        schemaVersion: 2,
        mediaType: type,
        config: {
          mediaType: 'application/vnd.docker.container.image.v1+json',
          size: config.length,
          digest: digestOf(config),
        },
        layers: [
          {
            mediaType: 'application/vnd.docker.image.rootfs.diff.tar.gzip',
            size,
            digest: layerDigest,
          },
        ],
      }),
    );
  const manifests: Record<string, Buffer> = {
    good: manifest(configs.good, digestOf(zipped)),
    broken: manifest(configs.broken, digestOf(nowhere)),
    stalled: manifest(configs.stalled, digestOf(never)),
    slow: manifest(configs.slow, digestOf(slowZipped), slowZipped.length),
  };
  for (const each of Object.values(manifests)) manifests[digestOf(each)] = each;
  const listType = 'application/vnd.docker.distribution.manifest.list.v2+json';
  const alien = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: listType,
      manifests: [
        {
          mediaType: type,
          size: 1,
          digest: digestOf(nowhere),
          platform: { architecture: 's390x', os: 'linux' },
        },
      ],
    }),
  );
  manifests.alien = alien;
  manifests[digestOf(alien)] = alien;
  let layerRequests = 0;
  const allowed = login && `Basic ${Buffer.from(`${login.username}:${login.password}`).toString('base64')}`;
  const server = createServer(({ url = '', method, headers }, response) => {
    if (allowed !== undefined && headers.authorization !== allowed) {
      const denied = { errors: [{ code: 'UNAUTHORIZED', message: 'authentication required' }] };
      response.writeHead(401, {
        'content-type': 'application/json',
        'www-authenticate': 'Basic realm="tiny"',
      });
      response.end(JSON.stringify(denied));
      return;
    }
    const send = (body: Buffer | undefined, contentType: string) => {
      if (!body) {
        const unknown = { errors: [{ code: 'MANIFEST_UNKNOWN', message: 'manifest unknown' }] };
        response.writeHead(404, { 'content-type': 'application/json' });
        return response.end(JSON.stringify(unknown));
      }
      response.writeHead(200, {
        'content-type': contentType,
        'content-length': body.length,
        'docker-content-digest': digestOf(body),
      });
      response.end(method === 'HEAD' ? undefined : body);
    };
    const wanted = /^\/v2\/.+\/(manifests|blobs)\/(.+)$/.exec(url);
    if (!wanted) return url.startsWith('/v2/') ? response.writeHead(200).end() : send(undefined, '');
    const [, kind, reference = ''] = wanted;
    if (kind === 'manifests') {
      const found = manifests[reference];
      return send(found, found === alien ? listType : type);
    }
    if (reference === digestOf(slowZipped)) {
      layerRequests++;
      response.writeHead(200, {
        'content-type': 'application/octet-stream',
        'content-length': slowZipped.length,
      });
      // In pieces, as engines report nothing of what comes all at once.
      const piece = Math.ceil(slowZipped.length / 16);
      let sent = 0;
      const drip = setInterval(() => {
        response.write(slowZipped.subarray(sent, sent + piece));
        sent += piece;
        if (sent < slowZipped.length / 2) return;
        clearInterval(drip);
        void slowReleased.then(() => response.end(slowZipped.subarray(sent)));
      }, 120);
      response.on('close', () => clearInterval(drip));
      return;
    }
    if (reference !== digestOf(never)) send(blobs.get(reference), 'application/octet-stream');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    address: `127.0.0.1:${port}`,
    /** Lets the second half of the slow layer go. */
    releaseSlow: () => releaseSlow(),
    /** How often the slow layer was asked for. */
    slowRequests: () => layerRequests,
    async close() {
      releaseSlow();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
