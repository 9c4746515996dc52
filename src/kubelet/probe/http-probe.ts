import type { IncomingMessage } from 'node:http';
import { Agent, request } from 'node:https';
import type { HTTPGetAction } from 'kubernetes-types/core/v1.js';
import { messageOf } from '../../lib/app-error.js';
import { type ProbeReply, plainGet } from './plain-get.js';
import type { ProbeOutcome } from './prober.js';

// A connection for each probe, as Kubernetes has it; an agent for each would cost more than the probe.
const agent = new Agent({ keepAlive: false, rejectUnauthorized: false });

const failure = (message: string): ProbeOutcome => ({ result: 'failure', message });
const success: ProbeOutcome = { result: 'success', message: '' };

type Headers = Record<string, string | string[]>;
/** Made once for each probe: objects of the store never change. */
const headersOf = new WeakMap<HTTPGetAction, Headers>();

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
  const headers = headersOf.get(get) ?? makeHeaders(get);
  const path = encodeURI(get.path?.startsWith('/') ? get.path : `/${get.path ?? ''}`).replace(/%25/g, '%');
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
      const on = {
        error: (error: Error) => end(failure(messageOf(error))),
        reply({ status, location, body }: ProbeReply) {
          if (status < 200 || status >= 400)
            return end(failure(`HTTP probe failed with statuscode: ${status}${shown(body)}`));
          const next = redirected(at, status, location);
          if (!next) return end(success);
          if (redirects === mostRedirects) return end(failure(`stopped after ${mostRedirects} redirects`));
          go(next, redirects + 1);
        },
      };
      cancel = at.tls ? tlsGet(at, headers, on) : plainGet(at, headers, shownBytes, on);
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
function makeHeaders(get: HTTPGetAction): Headers {
  const headers = new Map<string, string[]>();
  for (const { name, value } of get.httpHeaders ?? []) {
    const key = name.toLowerCase();
    headers.set(key, [...(headers.get(key) ?? []), value ?? '']);
  }
  const all = new Map([['user-agent', ['kube-probe/1.30']], ['accept', ['*/*']], ...headers]);
  const made = Object.fromEntries(
    [...all].flatMap(([name, values]) => {
      if (values.every((value) => value === '') && (name === 'accept' || name === 'user-agent')) return [];
      return [[name, values.length === 1 ? (values[0] ?? '') : values]];
    }),
  );
  headersOf.set(get, made);
  return made;
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

const shown = (body: string): string => {
  const text = body.replace(/\s+/g, ' ').trim();
  return text && `: ${text}`;
};

function tlsGet(
  { host, port, path }: { host: string; port: number; path: string },
  headers: Headers,
  on: { reply(reply: ProbeReply): void; error(error: Error): void },
): () => void {
  const call = request({ host, port, path, agent, headers }, (response) => {
    const { statusCode: status = 0, headers: told } = response;
    const reply = (body: string) => {
      call.destroy();
      on.reply({ status, location: told.location, body });
    };
    if (status < 400) reply('');
    else void beginningOf(response).then(reply);
  });
  call.on('error', on.error);
  call.end();
  return () => call.destroy();
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
  return Buffer.concat(chunks).subarray(0, shownBytes).toString('utf8');
}
