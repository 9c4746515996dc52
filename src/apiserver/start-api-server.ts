import { timingSafeEqual } from 'node:crypto';
import type { ControlHandlers } from '../api/control-types.js';
import { AppError, isAppError, messageOf } from '../lib/app-error.js';
import type { Logger } from '../lib/logger.js';
import type { KeptObjects } from '../store/kept-objects.js';
import type { ObjectStore } from '../store/object-store.js';
import { aggregatedDiscovery, aggregateIn } from './aggregated-discovery.js';
import { discovery } from './discovery.js';
import type { Commit } from './edit-model-serving.js';
import { emptyOpenApi } from './empty-open-api.js';
import { errorStatus } from './error-status.js';
import { type ErrorSubject, subjectOf } from './error-subject.js';
import { cutOff, isSet, type Reply, type Request, sendJson, sendText, urlOf } from './exchange.js';
import { health } from './health.js';
import { keepNamespaces } from './keep-namespaces.js';
import { listenHttps } from './listen-https.js';
import { formIn } from './media-type.js';
import { metricsText, type WorkFigures } from './metrics.js';
import { openApi } from './open-api.js';
import type { PodAccess } from './pod-requests.js';
import { matchPath, routes } from './routes.js';
import { serveSessions } from './sessions.js';
import type { WriteParts } from './write-objects.js';

export interface ApiServer {
  port: number;
  url: string;
  close(): Promise<void>;
}

const knownMethods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);
/** More would be a client that opens them without end; each costs some tens of KB. */
const mostWatchers = 1000;
const ownNames = new Set(['127.0.0.1', 'localhost', '[::1]']);

/**
 * Kubernetes' REST over the store, for this machine only: every request needs the token, and the server answers only to its own names (a page
 * in a browser cannot reach it by another). A `port` that is taken meanwhile is replaced by a free one.
 */
export async function startApiServer(options: {
  store: ObjectStore;
  tls: { key: string; cert: string };
  token: string;
  /** 0: any. */
  port: number;
  address?: string;
  /** What clients make. */
  kept: KeptObjects;
  eventsKept: WriteParts['eventsKept'];
  kubelet: PodAccess;
  commit: Commit;
  commitSupporting: WriteParts['commitSupporting'];
  control: ControlHandlers;
  /** For `/metrics`. */
  work: () => WorkFigures;
  /** Of ModelServings that do not say. */
  rules: 'ordinal' | 'upstream';
  logger: Logger;
}): Promise<ApiServer> {
  const { tls, token, address = '127.0.0.1', logger } = options;
  const table = routes(options);

  const isOwn = (host: string) => host === address || ownNames.has(host);
  const checkHost = ({ headers }: Pick<Request, 'headers'>) => {
    const host = (headers.host ?? headers[':authority'] ?? '').replace(/:\d+$/, '');
    if (!isOwn(host)) throw new AppError('Forbidden', `this server does not answer to the name ${host}`);
    const { origin } = headers;
    if (origin !== undefined && !isOwn(hostOf(origin)))
      throw new AppError('Forbidden', `this server does not answer to pages of ${origin}`);
  };
  let watchers = 0;
  const requests = new Map<string, number>();
  const count = (method: string, query: URLSearchParams, response: Reply) => {
    const isWatch = method === 'GET' && isSet(query, 'watch');
    if (isWatch) watchers += 1;
    response.on('close', () => {
      if (isWatch) watchers -= 1;
      const key = `${knownMethods.has(method) ? method : 'other'} ${response.statusCode}`;
      requests.set(key, (requests.get(key) ?? 0) + 1);
    });
    if (isWatch && watchers > mostWatchers)
      throw new AppError('TooManyRequests', `${mostWatchers} watches are open, and no more are served`, {
        hint: 'end some of them',
        details: { status: { retryAfterSeconds: 5 } },
      });
  };
  const handle = async (request: Request, response: Reply, about: { subject?: ErrorSubject | undefined }) => {
    checkHost(request);
    authorize(request, token);
    const url = urlOf(request);
    const path = url.pathname.length > 1 ? url.pathname.replace(/\/$/, '') : url.pathname;
    const method = request.method ?? 'GET';
    const told = health(path, url.searchParams);
    if (told !== undefined) return sendText(response, 200, told, 'text/plain');
    count(method, url.searchParams, response);
    if (method === 'GET' && path === '/metrics') {
      const text = metricsText(options.store, { watchers, requests }, options.work());
      return sendText(response, 200, text, 'text/plain; version=0.0.4; charset=utf-8');
    }
    const aggregate = method === 'GET' ? aggregateIn(request.headers.accept) : undefined;
    const whole = aggregate && aggregatedDiscovery(path, aggregate);
    if (aggregate && whole) {
      response.setHeader('vary', 'Accept');
      return sendJson(response, 200, whole, aggregate.contentType);
    }
    if (method === 'GET' && path === '/openapi/v2') {
      const { contentType, body } = emptyOpenApi(request.headers.accept);
      return sendText(response, 200, body, contentType);
    }
    const described = method === 'GET' ? (discovery(path) ?? openApi(path)) : undefined;
    if (described) return sendJson(response, 200, described);
    const gone = new AbortController();
    response.on('close', () => gone.abort());
    // Logs are text, whatever their reader says that it takes.
    if (path.startsWith('/api') && !path.endsWith('/log')) formIn(request.headers.accept);
    let isKnown = false;
    for (const route of table) {
      const params = matchPath(route.pattern, path);
      if (!params) continue;
      isKnown = true;
      if (!route.methods.includes(method)) continue;
      about.subject = subjectOf(path);
      return route.handle({
        request,
        response,
        method,
        query: url.searchParams,
        params,
        signal: gone.signal,
      });
    }
    if (isKnown) {
      throw new AppError('MethodNotAllowed', `${method} is not supported on ${path}`, {
        hint: 'what is served of each kind: kubectl api-resources -o wide',
      });
    }
    throw new AppError('NotFound', `the server has nothing at ${path}`);
  };

  const { server, port, close } = await listenHttps(
    { tls, address, port: options.port },
    (request, response) => {
      let hasGone = false;
      response.on('close', () => {
        hasGone = true;
      });
      const about: { subject?: ErrorSubject | undefined } = {};
      handle(request, response, about).catch((error: unknown) => {
        // A client that has gone is no fault, whatever its going broke off.
        if (hasGone) return;
        if (!isAppError(error))
          logger.error({ url: request.url, error: messageOf(error) }, 'a request failed');
        if (response.headersSent) return cutOff(response);
        const { status, body } = errorStatus(error, about.subject);
        const { retryAfterSeconds } = body.details;
        if (retryAfterSeconds !== undefined) response.setHeader('retry-after', retryAfterSeconds);
        sendJson(response, status, body);
      });
    },
  );
  const sessions = serveSessions(server, options.kubelet.sessions, (request) => {
    checkHost(request);
    authorize(request, token);
  });
  const namespaces = keepNamespaces(options.store);
  return {
    port,
    url: `https://${address}:${port}`,
    close() {
      namespaces.close();
      sessions.close();
      return close();
    },
  };
}

/** '' for what is no URL, such as the `null` of a page that hides where it comes from. */
const hostOf = (origin: string): string => (URL.canParse(origin) ? new URL(origin).hostname : '');

function authorize(request: Request, token: string): void {
  const given = Buffer.from(/^Bearer +(.*)$/i.exec(request.headers.authorization ?? '')?.[1] ?? '');
  const wanted = Buffer.from(token);
  if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) {
    throw new AppError('Unauthorized', 'the token is missing or wrong', {
      hint: 'minithena kubeconfig prints the file that has it',
    });
  }
}
