/** What engines say, and the field of the pod that they say it of. The first that matches counts. */
const fields: readonly (readonly [RegExp, string])[] = [
  [
    /could not select device driver/i,
    'resources.limits; install the NVIDIA Container Toolkit, or pretend with `up --gpus fake:N`',
  ],
  [/nvidia-container-cli|unresolvable CDI/i, 'resources.limits'],
  [/minimum memory limit|memory limit.*(small|swap)|cannot set memory/i, 'resources.limits.memory'],
  [/range of cpus|nanocpus|cpu cfs/i, 'resources.limits.cpu'],
  [/rlimit type 8|memlock/i, 'securityContext.capabilities.add: IPC_LOCK lifts the limit of locked memory'],
  [
    /unknown capability|invalid cap(add|drop)|apply caps|capabilit/i,
    'securityContext.capabilities or privileged',
  ],
  [/apparmor/i, 'securityContext.appArmorProfile'],
  [/seccomp/i, 'securityContext.seccompProfile'],
  [/sysctl/i, 'securityContext.sysctls'],
  [/unable to find (user|group)|no matching entries in passwd/i, 'securityContext.runAsUser'],
  [/unknown( or invalid)? runtime|runtime .*not found/i, 'runtimeClassName'],
  [/invalid (ip address in )?add-host|bad format for add-host/i, 'hostAliases'],
  [/invalid reference format|repository name must be/i, 'image'],
  [/port is already allocated|bind: address already in use|ports are not available/i, 'ports'],
  [/chdir to cwd|cwd/i, 'workingDir'],
  [/mount|not a directory|bind source path|invalid volume/i, 'volumeMounts'],
  [/exec: "|executable file not found|exec format error|no such file or directory/i, 'command'],
];

/** The engine's own words with the field they are about, where that can be told. Pure. */
export function withField(words: string, container: string): string {
  const field = fields.find(([pattern]) => pattern.test(words))?.[1];
  return field === undefined ? words : `${words} (container ${container}: ${field})`;
}
