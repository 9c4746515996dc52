import type { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import type {
  DaemonInfo,
  DownRequest,
  Failure,
  PlannedServing,
  PlanRequest,
  UpRequest,
} from '../api/control-types.js';
import type { DrillOutcome, DrillRequest } from '../api/drill.js';
import { type KindFacts, kinds, pathOf } from '../api/kinds.js';
import type { ContainerRef, ExecOptions, ExecSession, PathFacts } from '../api/pod-sessions.js';
import type { NodeMetrics, PodMetrics } from '../api/types/metrics.js';
import type { ModelServing, RoleSpec } from '../api/types/model-serving.js';
import type { AnyResource, ResourceName, Resources } from '../api/types/resources.js';
import { AppError, isAppError } from '../lib/app-error.js';
import { execProtocols, forwardProtocols } from '../lib/channel-frame.js';
import { forwardConnection } from './forward-connection.js';
import { openConnection } from './open-connection.js';
import { execSession } from './open-session.js';
import { readAccess } from './read-access.js';
import type { Meant } from './read-kubeconfigs.js';
import {
  type Change,
  type ListOf,
  type ListOptions,
  listPath,
  typeOf,
  watchResource,
} from './watch-resource.js';

export interface LogRequest {
  readonly namespace: string;
  readonly pod: string;
  readonly container?: string;
  readonly follow?: boolean;
  readonly tail?: number;
  readonly sinceSeconds?: number;
  readonly previous?: boolean;
  readonly timestamps?: boolean;
}

export interface ApiClient {
  /** Whether an API group is served, by Kubernetes' discovery. */
  hasGroup(name: string): Promise<boolean>;
  list<K extends ResourceName>(resource: K, options?: ListOptions): Promise<readonly Resources[K][]>;
  /** Throws NotFound. */
  get<K extends ResourceName>(resource: K, namespace: string, name: string): Promise<Resources[K]>;
  /** Lists first, then tells every change until the signal aborts; reconnects by itself. */
  watch<K extends ResourceName>(
    resource: K,
    options: ListOptions,
    onChange: (change: Change<K>) => void,
    signal: AbortSignal,
  ): Promise<void>;
  /** Text in pieces, with its line ends. */
  logs(request: LogRequest, signal: AbortSignal): AsyncIterable<string>;
  scale(
    namespace: string,
    name: string,
    edit: { readonly replicas?: number; readonly roleReplicas?: Readonly<Record<string, number>> },
  ): Promise<ModelServing>;
  /** PUT: the object as it was read, with changes. Throws Conflict when it changed meanwhile, SpecInvalid, NotEditable. */
  replace<K extends ResourceName>(resource: K, object: Resources[K]): Promise<Resources[K]>;
  /** A merge patch (RFC 7386). Throws NotFound, SpecInvalid, NotEditable. */
  patch<K extends ResourceName>(
    resource: K,
    namespace: string,
    name: string,
    patch: object,
  ): Promise<Resources[K]>;
  /** A server-side apply: what this program applied before and is not in it now goes. With `dryRun`, what would be. */
  apply(object: AppliedObject, options?: { dryRun?: boolean }): Promise<AnyResource>;
  /** Throws NotFound. */
  remove(resource: ResourceName, namespace: string, name: string): Promise<void>;
  deletePod(namespace: string, name: string, gracePeriodSeconds?: number): Promise<void>;
  /** What Pods or Nodes use, measured now. Throws NotFound, also where a cluster measures nothing. */
  usage<K extends 'pods' | 'nodes'>(
    resource: K,
    options: ListOptions & { name?: string },
  ): Promise<readonly UsageOf[K][]>;
  exec(ref: ContainerRef, options: ExecOptions): Promise<ExecSession>;
  /** Joins a container's own process. With `tty` its size is kept to. */
  attach(ref: ContainerRef, options: { tty: boolean; stdin: boolean }): Promise<ExecSession>;
  /** Joins a local connection to a port of a Pod; resolves when it has ended. */
  forward(ref: ContainerRef, port: number, socket: Socket): Promise<void>;
  /** Files of a container through the daemon: they need no tar in it. */
  readonly files: {
    stat(ref: ContainerRef, path: string): Promise<Partial<PathFacts>>;
    read(ref: ContainerRef, path: string): Promise<AsyncIterable<Buffer>>;
    write(ref: ContainerRef, folder: string, archive: Readable): Promise<void>;
  };
  readonly control: {
    info(): Promise<DaemonInfo>;
    up(request: UpRequest): Promise<void>;
    down(request: DownRequest): Promise<{ removed: string[]; kept: string[] }>;
    sync(): Promise<void>;
    stop(): Promise<void>;
    plan(request: PlanRequest): Promise<PlannedServing[]>;
    failures(pod: { namespace: string; name: string }): Promise<Failure[]>;
    drill(request: DrillRequest): Promise<DrillOutcome>;
  };
  close(): Promise<void>;
}

export interface UsageOf {
  pods: PodMetrics;
  nodes: NodeMetrics;
}

/** An object as a file has it. */
export interface AppliedObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace: string };
}

const fieldManager = 'minithena';

const factsOf = (resource: ResourceName): KindFacts => {
  const found = kinds.find((each) => each.resource === resource);
  if (!found) throw new AppError('Internal', `no kind is known as ${resource}`);
  return found;
};

const podPath = ({ namespace, pod }: ContainerRef): string => pathOf(factsOf('pods'), namespace, pod);

const filesPath = (ref: ContainerRef, path: string, more: Record<string, string> = {}): string =>
  `/minithena/v1/files?${new URLSearchParams({ ...ref, path, ...more }).toString()}`;

/** A client of the cluster's daemon, or of whatever cluster the kubeconfig names. Throws DaemonUnreachable, Usage. */
export async function connect(options: Meant = {}): Promise<ApiClient> {
  const connection = openConnection(readAccess(options));
  const post = <T>(name: string, body: unknown = {}) =>
    connection.call<T>('POST', `/minithena/v1/${name}`, body);
  return {
    async hasGroup(name) {
      try {
        await connection.call('GET', `/apis/${name}`);
        return true;
      } catch (error) {
        if (isAppError(error, 'NotFound')) return false;
        throw error;
      }
    },
    async list<K extends ResourceName>(resource: K, listOptions: ListOptions = {}) {
      const facts = factsOf(resource);
      const { items } = await connection.call<ListOf<Resources[K]>>('GET', listPath(facts, listOptions));
      return items.map((each) => ({ ...typeOf(facts), ...each }));
    },
    get: (resource, namespace, name) => connection.call('GET', pathOf(factsOf(resource), namespace, name)),
    watch: (resource, listOptions, onChange, signal) =>
      watchResource(connection, factsOf(resource), listOptions, onChange, signal),
    async *logs(request, signal) {
      const query = new URLSearchParams();
      for (const [name, value] of Object.entries({
        container: request.container,
        follow: request.follow,
        tailLines: request.tail,
        sinceSeconds: request.sinceSeconds,
        previous: request.previous,
        timestamps: request.timestamps,
      })) {
        if (value !== undefined && value !== false) query.set(name, String(value));
      }
      const path = `${pathOf(factsOf('pods'), request.namespace, request.pod)}/log?${query.toString()}`;
      const decoder = new TextDecoder();
      try {
        for await (const piece of await connection.stream(path, signal))
          yield decoder.decode(piece, { stream: true });
      } catch (error) {
        if (!signal.aborted) throw error;
      }
    },
    async scale(namespace, name, { replicas, roleReplicas = {} }) {
      const path = pathOf(factsOf('modelservings'), namespace, name);
      const patch = (spec: object, metadata?: object) =>
        connection.call<ModelServing>(
          'PATCH',
          path,
          { ...(metadata && { metadata }), spec },
          'application/merge-patch+json',
        );
      const counted = replicas === undefined ? {} : { replicas };
      if (Object.keys(roleReplicas).length === 0) return patch(counted);
      // A merge patch has the list of roles whole: it must be the one that was read.
      for (let left = scaleTries; ; left--) {
        const { spec, metadata } = await connection.call<ModelServing>('GET', path);
        const { resourceVersion } = metadata;
        const roles = withReplicas(name, spec.template.roles, roleReplicas);
        try {
          return await patch({ ...counted, template: { roles } }, { resourceVersion });
        } catch (error) {
          if (!isAppError(error, 'Conflict') || left === 0) throw error;
        }
      }
    },
    replace: (resource, object) =>
      connection.call(
        'PUT',
        pathOf(factsOf(resource), object.metadata.namespace, object.metadata.name),
        object,
      ),
    patch: (resource, namespace, name, patch) =>
      connection.call(
        'PATCH',
        pathOf(factsOf(resource), namespace, name),
        patch,
        'application/merge-patch+json',
      ),
    apply(object, { dryRun = false } = {}) {
      const { kind, metadata } = object;
      const facts = kinds.find((each) => each.kind === kind);
      if (!facts) throw new AppError('Internal', `no kind ${kind} is known`);
      const query = `fieldManager=${fieldManager}&force=true${dryRun ? '&dryRun=All' : ''}`;
      const path = `${pathOf(facts, metadata.namespace, metadata.name)}?${query}`;
      return connection.call('PATCH', path, object, 'application/apply-patch+yaml');
    },
    async remove(resource, namespace, name) {
      await connection.call('DELETE', pathOf(factsOf(resource), namespace, name));
    },
    async deletePod(namespace, name, gracePeriodSeconds) {
      const query = gracePeriodSeconds === undefined ? '' : `?gracePeriodSeconds=${gracePeriodSeconds}`;
      await connection.call('DELETE', `${pathOf(factsOf('pods'), namespace, name)}${query}`);
    },
    async usage<K extends 'pods' | 'nodes'>(resource: K, options: ListOptions & { name?: string }) {
      const facts = { ...factsOf(resource), group: 'metrics.k8s.io', version: 'v1beta1' };
      if (options.name !== undefined)
        return [
          await connection.call<UsageOf[K]>('GET', pathOf(facts, options.namespace ?? '', options.name)),
        ];
      return (await connection.call<{ items: UsageOf[K][] }>('GET', listPath(facts, options))).items;
    },
    async exec(ref, { command, tty, stdin }) {
      const query = new URLSearchParams({ stdout: 'true', tty: String(tty), stdin: String(stdin) });
      // A terminal has one output only.
      if (!tty) query.set('stderr', 'true');
      if (ref.container !== undefined) query.set('container', ref.container);
      for (const word of command) query.append('command', word);
      return execSession(await connection.socket(`${podPath(ref)}/exec?${query.toString()}`, execProtocols));
    },
    async attach(ref, { tty, stdin }) {
      const query = new URLSearchParams({ stdout: 'true', tty: String(tty), stdin: String(stdin) });
      if (!tty) query.set('stderr', 'true');
      if (ref.container !== undefined) query.set('container', ref.container);
      return execSession(
        await connection.socket(`${podPath(ref)}/attach?${query.toString()}`, execProtocols),
      );
    },
    async forward(ref, port, socket) {
      const path = `${podPath(ref)}/portforward?ports=${port}`;
      await forwardConnection(await connection.socket(path, forwardProtocols), socket);
    },
    files: {
      stat: (ref, path) => connection.call('GET', filesPath(ref, path, { stat: '1' })),
      read: (ref, path) => connection.stream(filesPath(ref, path), new AbortController().signal),
      write: (ref, folder, archive) => connection.upload(filesPath(ref, folder), archive),
    },
    control: {
      info: () => connection.call('GET', '/minithena/v1/info'),
      up: (request) => post('up', request),
      down: (request) => post('down', request),
      sync: () => post('sync'),
      stop: () => post('stop'),
      plan: (request) => post('plan', request),
      drill: (request) => post('chaos', request),
      async failures({ namespace, name }) {
        const query = new URLSearchParams({ namespace, pod: name });
        const path = `/minithena/v1/failures?${query.toString()}`;
        return (await connection.call<{ items: Failure[] }>('GET', path)).items;
      },
    },
    close: () => connection.close(),
  } satisfies ApiClient;
}

/** A status may be written in between; more often than this it is a person. */
const scaleTries = 10;

function withReplicas(
  name: string,
  roles: readonly RoleSpec[],
  wanted: Readonly<Record<string, number>>,
): RoleSpec[] {
  const unknown = Object.keys(wanted).find((role) => !roles.some((each) => each.name === role));
  if (unknown === undefined)
    return roles.map((role) => ({ ...role, replicas: wanted[role.name] ?? role.replicas }));
  const hint = `roles: ${roles.map((role) => role.name).join(', ')}`;
  throw new AppError('NotFound', `${name} has no role "${unknown}"`, { hint });
}
