import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { HTTPGetAction } from 'kubernetes-types/core/v1.js';
import { messageOf } from '../../lib/app-error.js';
import type { ProbeOutcome } from './prober.js';

// A connection for each probe, as Kubernetes has it; an agent for each would cost more than the probe.
const httpAgent = new HttpAgent({ keepAlive: false });
const httpsAgent = new HttpsAgent({ keepAlive: false });

const failure = (message: string): ProbeOutcome => ({ result: 'failure', message });
const success: ProbeOutcome = { result: 'success', message: '' };

const mostRedirects = 10;
/** Of the reply's body, in the message of a failure. */
const shownBytes = 200;

/**
 * One GET as Kubernetes probes: 200 to 399 is success, certificates are not checked, redirects are followed on the same host, and one to
 * another host is success. Never throws, ends within the timeout.
 */
export function httpProbe(
  to: { host: string; port: number },
  get: HTTPGetAction,
  timeoutMs: number,
): Promise<ProbeOutcome> {
  const headers = headersOf(get);
  const path = get.path?.startsWith('/') ? get.path : `/${get.path ?? ''}`;
  const first = { host: to.host, port: to.port, path, tls: get.scheme === 'HTTPS' };
  return new Promise((resolve) => {
    let cancel = () => {};
    const end = (outcome: ProbeOutcome) => {
      clearTimeout(timer);
      cancel();
      resolve(outcome);
    };
    const timer = setTimeout(
      () => end(failure(`no answer on port ${get.port} within ${timeoutMs / 1000} s`)),
      timeoutMs,
    );
    const go = (at: typeof first, redirects: number) => {
      const call = (at.tls ? httpsRequest : httpRequest)(
        {
          host: at.host,
          port: at.port,
          path: at.path,
          agent: at.tls ? httpsAgent : httpAgent,
          headers,
          rejectUnauthorized: false,
        },
        (response) => {
          const status = response.statusCode ?? 0;
          if (status < 200 || status >= 400) {
            void beginningOf(response).then((body) =>
              end(failure(`HTTP probe failed with statuscode: ${status}${body && `: ${body}`}`)),
            );
            return;
          }
          const next = redirected(at, status, response.headers.location);
          if (!next) return end(success);
          if (redirects === mostRedirects) return end(failure(`stopped after ${mostRedirects} redirects`));
          call.destroy();
          go(next, redirects + 1);
        },
      );
      cancel = () => call.destroy();
      call.on('error', (error) => end(failure(messageOf(error))));
      call.end();
    };
    try {
      go(first, 0);
    } catch (error) {
      // A path or header that no request can have.
      end(failure(messageOf(error)));
    }
  });
}

/** Repeated headers stay repeated; one without a value takes the default away, as `Accept: ""` does in Kubernetes. */
function headersOf(get: HTTPGetAction): Record<string, string | string[]> {
  const headers = new Map<string, string[]>();
  for (const { name, value } of get.httpHeaders ?? []) {
    const key = name.toLowerCase();
    headers.set(key, [...(headers.get(key) ?? []), value ?? '']);
  }
  const all = new Map([['user-agent', ['kube-probe/1.30']], ['accept', ['*/*']], ...headers]);
  return Object.fromEntries(
    [...all].flatMap(([name, values]) => {
      if (values.every((value) => value === '') && (name === 'accept' || name === 'user-agent')) return [];
      return [[name, values.length === 1 ? (values[0] ?? '') : values]];
    }),
  );
}

/** Where a redirect leads, if it is to be followed. */
function redirected(
  from: { host: string; port: number; path: string; tls: boolean },
  status: number,
  location: string | undefined,
) {
  if (location === undefined || ![301, 302, 303, 307, 308].includes(status)) return undefined;
  const base = `${from.tls ? 'https' : 'http'}://${from.host.includes(':') ? `[${from.host}]` : from.host}:${from.port}${from.path}`;
  if (!URL.canParse(location, base)) return undefined;
  const url = new URL(location, base);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (host !== from.host.toLowerCase() || !/^https?:$/.test(url.protocol)) return undefined;
  const tls = url.protocol === 'https:';
  return { host, port: Number(url.port) || (tls ? 443 : 80), path: `${url.pathname}${url.search}`, tls };
}

async function beginningOf(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of response) {
      chunks.push(chunk as Buffer);
      bytes += (chunk as Buffer).length;
      if (bytes >= shownBytes) break;
    }
  } catch {
    // What came is shown.
  }
  return Buffer.concat(chunks).subarray(0, shownBytes).toString('utf8').replace(/\s+/g, ' ').trim();
}
