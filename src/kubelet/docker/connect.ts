import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import Docker from 'dockerode';
import { AppError } from '../../lib/app-error.js';

export interface EngineConnection {
  /** How it was found, for messages: `DOCKER_HOST`, `socket` … */
  from: string;
  /** As the user would write it. */
  address: string;
  /** The engine runs on this machine, so that paths and pod addresses mean the same here and there. */
  isLocal: boolean;
  options:
    | { socketPath: string }
    | { host: string; port: number; protocol: 'http' | 'https'; ca?: Buffer; cert?: Buffer; key?: Buffer };
}

/** The oldest and the newest API that this adapter was tried with. */
const oldest = '1.41';
const newest = '1.52';

/** Asks for a sign of life on a connection of its own. Resolves to the engine's headers; rejects with the system's words. */
export function pingEngine({
  options,
}: EngineConnection): Promise<Record<string, string | string[] | undefined>> {
  const secure = 'protocol' in options && options.protocol === 'https';
  return new Promise((resolve, reject) => {
    const call = (secure ? httpsRequest : httpRequest)(
      { ...options, protocol: secure ? 'https:' : 'http:', path: '/_ping', agent: false, timeout: 5000 },
      (response) => {
        response.resume();
        if (response.statusCode === 200) resolve(response.headers);
        else reject(new Error(`it answered with status ${response.statusCode}`));
      },
    );
    call.on('timeout', () => call.destroy(new Error('no answer within 5 s')));
    call.on('error', reject);
    call.end();
  });
}

/** A client that speaks the newest API that both sides know. Throws EngineTooOld when there is none. */
export async function connect(connection: EngineConnection): Promise<Docker> {
  // The library prefers this variable to what it is told.
  delete process.env.DOCKER_HOST;
  const docker = new Docker(connection.options);
  const server = (await docker.version()) as { ApiVersion?: string; MinAPIVersion?: string };
  const theirs = server.ApiVersion ?? oldest;
  if (compare(theirs, oldest) < 0 || compare(server.MinAPIVersion ?? '1.0', newest) > 0) {
    const range = `${server.MinAPIVersion ?? '?'} to ${theirs}`;
    throw new AppError(
      'EngineTooOld',
      `the engine at ${connection.address} speaks API ${range}, minithena ${oldest} to ${newest}`,
      {
        hint: 'update the engine, or minithena',
      },
    );
  }
  const version = compare(theirs, newest) < 0 ? theirs : newest;
  return new Docker({ ...connection.options, version: `v${version}` });
}

function compare(a: string, b: string): number {
  const [majorA = 0, minorA = 0] = a.split('.').map(Number);
  const [majorB = 0, minorB = 0] = b.split('.').map(Number);
  return majorA - majorB || minorA - minorB;
}
