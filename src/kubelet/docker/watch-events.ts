import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type Docker from 'dockerode';
import type { EngineEvent } from '../engine.js';
import { jsonLines } from './json-lines.js';
import { reasonOf } from './translate-error.js';

interface DockerEvent {
  Action: string;
  Actor: { ID: string; Attributes: Record<string, string> };
}

const longestPauseMs = 3000;

/**
 * Container events with the given label, for ever. The stream is open before `connected` is said, so that nothing happens between the
 * consumer's list and the first event.
 */
export function watchEvents(
  docker: Docker,
  label: string,
  handler: (event: EngineEvent) => void,
  signal: AbortSignal,
): void {
  const filters = {
    type: ['container'],
    // Podman knows a death by another word here than in what it tells.
    event: ['start', 'die', 'died', 'oom', 'destroy', 'remove'],
    label: [label],
  };
  const follow = async () => {
    let pauseMs = 100;
    let said = '';
    while (!signal.aborted) {
      try {
        // An engine may begin to listen a moment after it has answered: what happened meanwhile is told again.
        const since = Math.floor(Date.now() / 1000) - 1;
        const stream = (await docker.getEvents({ filters: JSON.stringify(filters), since })) as Readable;
        const stop = () => stream.destroy();
        signal.addEventListener('abort', stop, { once: true });
        stream.once('close', () => signal.removeEventListener('abort', stop));
        if (signal.aborted) stop();
        pauseMs = 100;
        said = '';
        handler({ type: 'connected' });
        for await (const event of jsonLines<DockerEvent>(stream as AsyncIterable<Buffer>)) {
          const ours = translate(event);
          if (ours) handler(ours);
        }
        throw new Error('the engine closed the connection');
      } catch (error) {
        if (signal.aborted) return;
        const reason = reasonOf(error);
        // First that contact broke off, then why there is none.
        if (reason !== said) handler({ type: 'disconnected', reason });
        said = reason;
      }
      await sleep(pauseMs, undefined, { signal }).catch(() => {});
      pauseMs = Math.min(longestPauseMs, pauseMs * 2);
    }
  };
  void follow();
}

function translate({ Action, Actor }: DockerEvent): EngineEvent | undefined {
  const at = { containerId: Actor.ID, labels: Actor.Attributes };
  switch (Action) {
    case 'start':
      return { type: 'started', ...at };
    case 'die':
      return {
        type: 'died',
        ...at,
        exitCode: Number(Actor.Attributes.exitCode ?? Actor.Attributes.containerExitCode ?? 0),
      };
    case 'oom':
      return { type: 'oom', ...at };
    case 'destroy':
    case 'remove':
      return { type: 'removed', ...at };
    default:
      return undefined;
  }
}
