import { X509Certificate } from 'node:crypto';
import { expect, it } from 'vitest';
import { parseKubeconfig } from '../../../src/api/parse-kubeconfig.js';
import { makeCertificate } from '../../../src/apiserver/make-certificate.js';
import { makeKubeconfig } from '../../../src/apiserver/make-kubeconfig.js';

it('makes a certificate for this machine that outlives the machine', async () => {
  const { cert, key } = await makeCertificate();
  const certificate = new X509Certificate(cert);
  expect(certificate.checkIP('127.0.0.1')).toBe('127.0.0.1');
  expect(certificate.checkHost('localhost')).toBe('localhost');
  expect(certificate.checkHost('example.com')).toBeUndefined();
  expect(Date.parse(certificate.validTo)).toBeGreaterThan(Date.now() + 10 * 365 * 24 * 3600 * 1000);
  expect(key).toContain('PRIVATE KEY');
  // Rust's TLS refuses an authority's as that of a server.
  expect(certificate.ca).toBe(false);
});

it('writes a kubeconfig that reads back', () => {
  const text = makeKubeconfig({ url: 'https://127.0.0.1:7', ca: 'CERT', token: 't', cluster: 'ci' });
  expect(parseKubeconfig([{ path: '/etc/kubeconfig', text }])).toEqual({
    server: 'https://127.0.0.1:7',
    namespace: 'default',
    ca: { data: 'CERT' },
    token: 't',
    insecure: false,
  });
});
