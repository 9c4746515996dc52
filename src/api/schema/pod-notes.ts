/**
 * What the fields of a pod template become on the engine, by their paths; a note holds for what is below as well. Fields without effect carry
 * their reason in the shape. docs/pods.md is made of both, and every field must have one of the two.
 */
export const podNotes: Readonly<Record<string, string>> = {
  'metadata.labels': 'on the Pod and on its containers',
  'metadata.annotations':
    'on the Pod; `minithena.dev/simulate: "ready-after=2s,exit-after=1m,exit-code=3"` is what `--engine simulated` does with its containers (`NAME:exit-after=1m` for one of them)',
  'metadata.creationTimestamp': 'as tools write it: nothing',
  'spec.containers[].name':
    'part of the container’s name: `<cluster>_<namespace>_<pod>_<container>[_<attempt>]`',
  'spec.containers[].image': 'pulled once for all pods that want it; [images](images.md)',
  'spec.containers[].imagePullPolicy':
    'as in Kubernetes; where Always is only implied (no tag, `:latest`) and the pull fails, the local image is used and an event says so',
  'spec.containers[].command':
    'the entrypoint; `$(NAME)` is taken from the container’s variables, `$$` escapes',
  'spec.containers[].args': 'the command behind the entrypoint; alone it keeps the image’s entrypoint',
  'spec.containers[].workingDir': 'the working directory',
  'spec.containers[].env':
    'variables; a value may refer to those before it. From fields of the pod, its limits, ConfigMaps and Secrets too: a missing key holds the container with CreateContainerConfigError until it is there',
  'spec.containers[].envFrom':
    'all keys of a ConfigMap or Secret; a key that can be no variable is left out with an event',
  'spec.containers[].ports':
    'every TCP port is published on 127.0.0.1 at a free port that stays the same (`get pods -o wide`); hostPort and hostIP are honoured, also for UDP',
  'spec.containers[].resources':
    'requests decide whether the pod fits ([scheduling](scheduling.md)); a cpu limit is a quota, at most what the engine has; a memory limit holds without swap; GPUs are given by device id',
  'spec.containers[].volumeMounts': 'mounts; readOnly, subPath and subPathExpr as in Kubernetes',
  'spec.containers[].readinessProbe':
    'httpGet, tcpSocket, exec and grpc, run by the daemon with Kubernetes’ timing and thresholds. Where pods cannot be reached from this machine, through the published port: one that a probe names is then published too',
  'spec.containers[].livenessProbe':
    'the same; a failure ends the container within its grace, and it is restarted',
  'spec.containers[].startupProbe': 'the same; the others begin when it has succeeded',
  'spec.containers[].lifecycle':
    'postStart before the container counts as running; preStop before the stop signal, within the grace; stopSignal; exec, httpGet, tcpSocket, sleep',
  'spec.containers[].restartPolicy':
    'of an init container: Always makes it a sidecar, which counts for readiness and ends after the others',
  'spec.containers[].securityContext':
    'user, groups, capabilities, privileged, read-only root, no new privileges, seccomp, AppArmor, procMount; IPC_LOCK lifts the limit of locked memory; runAsNonRoot is checked against the image’s user',
  'spec.containers[].stdin': 'an open input',
  'spec.containers[].stdinOnce': 'the input ends with the first that was attached',
  'spec.containers[].tty': 'a terminal',
  'spec.containers[].terminationMessagePath':
    'read when the container has ended, for `describe`; a path below /dev is gone by then',
  'spec.containers[].terminationMessagePolicy': 'FallbackToLogsOnError takes the end of the log',
  'spec.initContainers': 'one after another, to the end, before the others; fields as of `containers[]`',
  'spec.volumes[].name': 'part of the volume’s name',
  'spec.volumes[].emptyDir':
    'a volume of the engine that goes with the pod; medium Memory is a tmpfs of sizeLimit; at /dev/shm it is the size of the shared memory',
  'spec.volumes[].hostPath': 'a bind mount; the type is checked, the OrCreate types make what is missing',
  'spec.volumes[].configMap':
    'a volume of the engine with files, modes as asked; an edit reaches the running container, except through subPath; what the edit took away stays until the pod goes. The pod waits for an object or key that is not there',
  'spec.volumes[].secret': 'the same. The engine keeps the files on its disk until the pod is gone',
  'spec.volumes[].projected': 'several ConfigMaps, Secrets and fields of the pod in one folder',
  'spec.volumes[].downwardAPI': 'fields of the pod and limits of its containers as files',
  'spec.volumes[].persistentVolumeClaim':
    'a volume of the engine that outlives the pod: `down --volumes` removes it. The claim must stand in a watched file',
  'spec.volumes[].ephemeral': 'a volume of the engine that goes with the pod',
  'spec.restartPolicy': 'Always, OnFailure, Never: a new container for each run, back-off 10 s to 5 min',
  'spec.terminationGracePeriodSeconds':
    'from the deletion to SIGKILL, the preStop hook included; 30 by default',
  'spec.activeDeadlineSeconds': 'so long after its start the pod fails with DeadlineExceeded',
  'spec.hostNetwork':
    'the host’s network: no names of the pod’s own; it finds the entry pod of its role instance, and is found by it, through /etc/hosts',
  'spec.hostIPC': 'the host’s shared memory and semaphores',
  'spec.hostPID': 'the host’s processes',
  'spec.shareProcessNamespace': 'the containers see each other’s processes; process 1 is the sandbox’s',
  'spec.hostname': 'the host name; the pod’s name by default',
  'spec.hostAliases': 'lines of /etc/hosts; a name may stand in several',
  'spec.dnsConfig': 'name servers, search domains and options; the names of pods are resolved as well',
  'spec.dnsPolicy': 'None needs dnsConfig; the others are the same here',
  'spec.securityContext.fsGroup':
    'group of the files of ConfigMaps and Secrets, and of new volumes (not on Podman); files that are there already keep theirs',
  'spec.securityContext': 'as of the containers, for all of them; sysctls of the pod’s own network',
  'spec.readinessGates': 'Ready only when each of these conditions is True',
  'spec.imagePullSecrets': 'credentials for the pull, before Docker’s own; [images](images.md)',
  'spec.runtimeClassName': 'the engine’s runtime of that name; where it has none, its default and an event',
};
