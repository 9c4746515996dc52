import type {
  Container,
  ContainerPort,
  EnvVar,
  HTTPGetAction,
  Lifecycle,
  LifecycleHandler,
  PodSpec,
  Probe,
  Volume,
} from 'kubernetes-types/core/v1.js';
import { qosClass } from '../api/qos-class.js';
import type { Pod } from '../api/types/resources.js';
import { toldMeta } from './told-meta.js';

/**
 * An object as clients get it: with the metadata that its kind has, and a Pod with what Kubernetes fills in of its spec, which they take for
 * granted (kubectl describe prints it, kubectl debug breaks off without it). What is stored stays as it was written. Pure.
 */
export function asTold<T extends object>(given: T): T {
  const { metadata: meta, apiVersion: version } = given as Partial<Pod>;
  const object = meta?.name === undefined ? given : { ...given, metadata: toldMeta(version, meta) };
  const { kind, apiVersion, spec, status } = object as Partial<Pod>;
  if ((kind as string | undefined) === 'Namespace' && apiVersion === 'v1')
    return { ...object, spec: { finalizers: ['kubernetes'] } };
  if (kind !== 'Pod' || apiVersion !== 'v1' || !Array.isArray(spec?.containers)) return object;
  return {
    ...object,
    spec: withDefaults(spec),
    status: { phase: 'Pending', qosClass: qosClass(spec), ...status },
  };
}

/** The spec of a Pod with Kubernetes' defaults. Pull policies are left out: an image that cannot be pulled may be taken from the machine. Pure. */
export function withDefaults(spec: PodSpec): PodSpec {
  const containersOf = (list: readonly Container[]) =>
    list.map((each) => container(each, spec.hostNetwork === true));
  return {
    ...filled(spec, {
      dnsPolicy: 'ClusterFirst',
      enableServiceLinks: true,
      restartPolicy: 'Always',
      schedulerName: 'default-scheduler',
      securityContext: {},
      terminationGracePeriodSeconds: 30,
    }),
    containers: containersOf(spec.containers),
    ...(spec.initContainers && { initContainers: containersOf(spec.initContainers) }),
    ...(spec.volumes && { volumes: spec.volumes.map(volume) }),
  };
}

function container(given: Container, isOnHost: boolean): Container {
  const { ports, env, lifecycle } = given;
  const port = (each: ContainerPort): ContainerPort =>
    filled(each, { protocol: 'TCP', ...(isOnHost && { hostPort: each.containerPort }) });
  const probes = Object.fromEntries(
    (['livenessProbe', 'readinessProbe', 'startupProbe'] as const).flatMap((name) => {
      const found = given[name];
      return found ? [[name, probe(found)] as const] : [];
    }),
  );
  return {
    ...filled(given, {
      resources: {},
      terminationMessagePath: '/dev/termination-log',
      terminationMessagePolicy: 'File',
    }),
    ...probes,
    ...(ports && { ports: ports.map(port) }),
    ...(env && { env: env.map(variable) }),
    ...(lifecycle && { lifecycle: hooks(lifecycle) }),
  };
}

/** What is given stands first, and is not changed. */
const filled = <T extends object>(given: T, defaults: Partial<T>): T => ({ ...given, ...defaults, ...given });

const httpGet = (given: HTTPGetAction): HTTPGetAction => filled(given, { path: '/', scheme: 'HTTP' });

const probe = (given: Probe): Probe => ({
  ...filled(given, { timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3 }),
  ...(given.httpGet && { httpGet: httpGet(given.httpGet) }),
});

function hooks({ postStart, preStop, ...others }: Lifecycle): Lifecycle {
  const hook = (given: LifecycleHandler) => ({
    ...given,
    ...(given.httpGet && { httpGet: httpGet(given.httpGet) }),
  });
  return {
    ...others,
    ...(postStart && { postStart: hook(postStart) }),
    ...(preStop && { preStop: hook(preStop) }),
  };
}

function variable(given: EnvVar): EnvVar {
  const fieldRef = given.valueFrom?.fieldRef;
  if (!fieldRef) return given;
  return { ...given, valueFrom: { ...given.valueFrom, fieldRef: filled(fieldRef, { apiVersion: 'v1' }) } };
}

const readable = { defaultMode: 0o644 };

function volume(given: Volume): Volume {
  const { configMap, secret, projected, downwardAPI, hostPath } = given;
  return {
    ...given,
    ...(configMap && { configMap: filled(configMap, readable) }),
    ...(secret && { secret: filled(secret, readable) }),
    ...(projected && { projected: filled(projected, readable) }),
    ...(downwardAPI && { downwardAPI: filled(downwardAPI, readable) }),
    ...(hostPath && { hostPath: filled(hostPath, { type: '' }) }),
  };
}
