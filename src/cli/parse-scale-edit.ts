import type { ScaleEdit } from './cli-client.js';
import { usageError } from './usage-error.js';

/** Reads --replicas N and --role decode=3 (several, or decode=3,prefill=1). Throws Usage. */
export function parseScaleEdit(options: { replicas?: string; role?: readonly string[] }): ScaleEdit {
  const roleReplicas: Record<string, number> = {};
  for (const word of (options.role ?? []).flatMap((each) => each.split(','))) {
    const at = word.indexOf('=');
    if (at <= 0) throw usageError(`--role ${word} is not ROLE=N`, 'e.g. `--role decode=3`');
    roleReplicas[word.slice(0, at)] = count(word.slice(at + 1), `--role ${word}`);
  }
  return {
    ...(options.replicas !== undefined && {
      replicas: count(options.replicas, `--replicas ${options.replicas}`),
    }),
    ...(Object.keys(roleReplicas).length > 0 && { roleReplicas }),
  };
}

function count(text: string, where: string): number {
  if (!/^\d{1,9}$/.test(text)) throw usageError(`${where}: "${text}" is not a whole number from 0`);
  return Number(text);
}
