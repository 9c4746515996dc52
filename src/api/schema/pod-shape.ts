import { podNotes } from './pod-notes.js';
import {
  any,
  between,
  boolean,
  ignored,
  integer,
  intOrString,
  list,
  map,
  object,
  oneOf,
  quantity,
  required,
  type Shape,
  string,
} from './shape.js';
import { withNotes } from './with-notes.js';

const oneHost = 'it has no meaning on one host';
const notHere = 'minithena does not make such a thing';

const keyRef = object({ name: string, key: required(string), optional: boolean });
const fieldRef = object({ apiVersion: string, fieldPath: required(string) });
const resourceFieldRef = object({ containerName: string, resource: required(string), divisor: quantity });
const wholeRef = object({ name: string, optional: boolean });
const envVar = object({
  name: required(string),
  value: string,
  valueFrom: object({
    fieldRef,
    resourceFieldRef,
    configMapKeyRef: keyRef,
    secretKeyRef: keyRef,
  }),
});

const port = intOrString;
const httpGet = object({
  path: string,
  port: required(port),
  host: string,
  scheme: oneOf('HTTP', 'HTTPS'),
  httpHeaders: list(object({ name: required(string), value: string })),
});
const exec = object({ command: list(string) });
const tcpSocket = object({ port: required(port), host: string });
const probe = object({
  httpGet,
  tcpSocket,
  exec,
  grpc: object({ port: required(between(1, 65_535)), service: string }),
  initialDelaySeconds: between(0),
  periodSeconds: between(0),
  timeoutSeconds: between(0),
  successThreshold: between(0),
  failureThreshold: between(0),
  terminationGracePeriodSeconds: integer,
});
const handler = object({ exec, httpGet, tcpSocket, sleep: object({ seconds: integer }) });

const seccompProfile = object({
  type: required(oneOf('RuntimeDefault', 'Unconfined', 'Localhost')),
  localhostProfile: ignored('the engine has no folder of profiles; its default is used', string),
});
const appArmorProfile = object({
  type: required(oneOf('RuntimeDefault', 'Unconfined', 'Localhost')),
  localhostProfile: string,
});
const securityContext = object({
  capabilities: object({ add: list(string), drop: list(string) }),
  privileged: boolean,
  runAsUser: integer,
  runAsGroup: integer,
  runAsNonRoot: boolean,
  readOnlyRootFilesystem: boolean,
  allowPrivilegeEscalation: boolean,
  seccompProfile,
  seLinuxOptions: ignored(oneHost),
  appArmorProfile,
  windowsOptions: ignored(oneHost),
  procMount: oneOf('Default', 'Unmasked'),
});

const container = object({
  name: required(string),
  image: required(string),
  imagePullPolicy: oneOf('Always', 'IfNotPresent', 'Never'),
  command: list(string),
  args: list(string),
  workingDir: string,
  env: list(envVar),
  envFrom: list(object({ prefix: string, configMapRef: wholeRef, secretRef: wholeRef })),
  ports: list(
    object({
      name: string,
      containerPort: { ...required(integer), min: 1, max: 65535 },
      hostPort: between(0, 65535),
      hostIP: string,
      protocol: oneOf('TCP', 'UDP', 'SCTP'),
    }),
  ),
  resources: object({ limits: map(quantity), requests: map(quantity), claims: ignored(notHere) }),
  volumeMounts: list(
    object({
      name: required(string),
      mountPath: required(string),
      readOnly: boolean,
      subPath: string,
      subPathExpr: string,
      mountPropagation: ignored(oneHost),
      recursiveReadOnly: ignored(oneHost),
    }),
  ),
  volumeDevices: ignored(notHere),
  readinessProbe: probe,
  livenessProbe: probe,
  startupProbe: probe,
  lifecycle: object({ preStop: handler, postStart: handler, stopSignal: string }),
  restartPolicy: oneOf('Always'),
  resizePolicy: ignored(oneHost),
  securityContext,
  stdin: boolean,
  stdinOnce: boolean,
  tty: boolean,
  terminationMessagePath: string,
  terminationMessagePolicy: oneOf('File', 'FallbackToLogsOnError'),
});

const fileMode = between(0, 0o777);
const fromObject = {
  items: list(object({ key: required(string), path: required(string), mode: fileMode })),
  defaultMode: fileMode,
  optional: boolean,
};
const downwardFiles = list(object({ path: required(string), fieldRef, resourceFieldRef, mode: fileMode }));
const volume = object({
  name: required(string),
  emptyDir: object({ medium: oneOf('', 'Memory'), sizeLimit: quantity }),
  hostPath: object({
    path: required(string),
    type: oneOf(
      '',
      'DirectoryOrCreate',
      'Directory',
      'FileOrCreate',
      'File',
      'Socket',
      'CharDevice',
      'BlockDevice',
    ),
  }),
  configMap: object({ name: string, ...fromObject }),
  secret: object({ secretName: string, ...fromObject }),
  persistentVolumeClaim: object({ claimName: required(string), readOnly: boolean }),
  projected: object({
    defaultMode: fileMode,
    sources: list(
      object({
        configMap: object({ name: string, items: fromObject.items, optional: boolean }),
        secret: object({ name: string, items: fromObject.items, optional: boolean }),
        downwardAPI: object({ items: downwardFiles }),
        serviceAccountToken: ignored('there is no API for it to speak to'),
        clusterTrustBundle: ignored(oneHost),
      }),
    ),
  }),
  downwardAPI: object({ items: downwardFiles, defaultMode: fileMode }),
  nfs: ignored(notHere),
  csi: ignored(notHere),
  ephemeral: object({ volumeClaimTemplate: any }),
  image: ignored(notHere),
  iscsi: ignored(notHere),
});

const podSpec = object({
  containers: required(list(container, 'name')),
  initContainers: list(container, 'name'),
  volumes: list(volume, 'name'),
  restartPolicy: oneOf('Always', 'OnFailure', 'Never'),
  terminationGracePeriodSeconds: between(0),
  activeDeadlineSeconds: between(1),
  hostNetwork: boolean,
  hostIPC: boolean,
  hostPID: boolean,
  hostname: string,
  subdomain: ignored('every pod answers to its own name'),
  hostAliases: list(object({ ip: string, hostnames: list(string) })),
  shareProcessNamespace: boolean,
  dnsConfig: object({
    nameservers: list(string),
    searches: list(string),
    options: list(object({ name: required(string), value: string })),
  }),
  dnsPolicy: oneOf('ClusterFirst', 'ClusterFirstWithHostNet', 'Default', 'None'),
  securityContext: object({
    runAsUser: integer,
    runAsGroup: integer,
    runAsNonRoot: boolean,
    fsGroup: integer,
    fsGroupChangePolicy: ignored(notHere),
    supplementalGroups: list(integer),
    seccompProfile,
    seLinuxOptions: ignored(oneHost),
    sysctls: list(object({ name: required(string), value: required(string) }), 'name'),
    windowsOptions: ignored(oneHost),
    appArmorProfile,
  }),
  readinessGates: list(object({ conditionType: required(string) })),
  imagePullSecrets: list(object({ name: required(string) }), 'name'),
  runtimeClassName: string,
  schedulerName: ignored(oneHost),
  affinity: ignored(oneHost),
  nodeSelector: ignored(oneHost),
  nodeName: ignored(oneHost),
  tolerations: ignored(oneHost),
  topologySpreadConstraints: ignored(oneHost),
  priorityClassName: ignored(oneHost),
  priority: ignored(oneHost),
  preemptionPolicy: ignored(oneHost),
  serviceAccountName: ignored(oneHost),
  serviceAccount: ignored(oneHost),
  automountServiceAccountToken: ignored(oneHost),
  enableServiceLinks: ignored(oneHost),
  setHostnameAsFQDN: ignored(oneHost),
  overhead: ignored(oneHost),
  os: ignored(oneHost),
  hostUsers: ignored(oneHost),
  schedulingGates: ignored(oneHost),
  resourceClaims: ignored(notHere),
  ephemeralContainers: ignored(notHere),
});

/** PodTemplateSpec as far as Kubernetes 1.30 knows it; see PodSpec there for what each field means. */
export const podTemplateShape: Shape = withNotes(
  object({
    metadata: object({
      labels: map(string),
      annotations: map(string),
      name: ignored('pods are named after their role instance'),
      namespace: ignored('pods live in the namespace of the ModelServing'),
      creationTimestamp: any,
    }),
    spec: required(podSpec),
  }),
  podNotes,
);
