import type { Container } from 'kubernetes-types/core/v1.js';
import { isPort } from './names-and-ports.js';
import { eachContainer, type PodRule, type Report, setFields } from './pod-rule.js';

const probeKinds = ['startupProbe', 'livenessProbe', 'readinessProbe'] as const;
const probeHandlers = ['exec', 'httpGet', 'tcpSocket', 'grpc'];
const hookHandlers = ['exec', 'httpGet', 'tcpSocket', 'sleep'];

interface Handler {
  exec?: { command?: string[] };
  httpGet?: { port: number | string };
  tcpSocket?: { port: number | string };
  grpc?: { port: number };
}

/** Probes and hooks that can never be carried out. */
export const probesAndHooks: PodRule = (spec, report) =>
  eachContainer(spec, (container, path, kind) => {
    const isSidecar = (container as { restartPolicy?: string }).restartPolicy === 'Always';
    for (const name of probeKinds) {
      const probe = container[name];
      if (!probe) continue;
      const at = [...path, name];
      if (kind === 'initContainers' && !isSidecar)
        report(
          `an init container that runs to its end has no ${name}`,
          at,
          'remove it, or make it a sidecar with restartPolicy: Always',
        );
      checkHandler(container, probe, probeHandlers, at, report);
      if (name !== 'readinessProbe' && (probe.successThreshold ?? 1) > 1)
        report(`successThreshold of a ${name} must be 1`, [...at, 'successThreshold'], 'remove it');
      if (name === 'readinessProbe' && probe.terminationGracePeriodSeconds !== undefined)
        report(
          'a readinessProbe never ends a container, so it has no terminationGracePeriodSeconds',
          [...at, 'terminationGracePeriodSeconds'],
          'remove it',
        );
      if ((probe.terminationGracePeriodSeconds ?? 1) < 1)
        report(
          `terminationGracePeriodSeconds of a probe must be at least 1`,
          [...at, 'terminationGracePeriodSeconds'],
          'raise or remove it',
        );
    }
    for (const name of ['postStart', 'preStop'] as const) {
      const hook = container.lifecycle?.[name];
      if (!hook) continue;
      const at = [...path, 'lifecycle', name];
      if (kind === 'initContainers' && !isSidecar)
        report(`an init container that runs to its end has no lifecycle hooks`, at, 'remove it');
      checkHandler(container, hook, hookHandlers, at, report);
    }
  });

function checkHandler(
  container: Container,
  handler: Handler,
  allowed: readonly string[],
  path: readonly (string | number)[],
  report: Report,
): void {
  const set = setFields(handler, allowed);
  if (set.length !== 1) {
    const said = set.length === 0 ? 'does nothing' : `has ${set.join(' and ')}`;
    report(`${String(path.at(-1))} ${said}`, path, `give it exactly one of ${allowed.join(', ')}`);
  }
  if (handler.exec && !handler.exec.command?.length)
    report('exec has no command', [...path, 'exec'], 'add command: [...]');
  for (const name of ['httpGet', 'tcpSocket', 'grpc'] as const) {
    const port = handler[name]?.port;
    if (port === undefined || isPort(container, port)) continue;
    const where = [...path, name, 'port'];
    if (typeof port === 'number')
      report(`port ${port} is out of range: it must be between 1 and 65535`, where, 'correct it');
    else {
      const named = (container.ports ?? []).flatMap((each) => each.name ?? []);
      const hint =
        named.length > 0 ? `its ports: ${named.join(', ')}` : 'give a port a name, or write the number';
      report(`container ${container.name} has no port named "${port}"`, where, hint, 'UnknownPort');
    }
  }
}
