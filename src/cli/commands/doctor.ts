import { accessSync, constants, existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname } from 'node:path';
import { isAppError, messageOf } from '../../lib/app-error.js';
import { programVersion } from '../../lib/program-version.js';
import { statePath } from '../../lib/state-path.js';
import { table } from '../../lib/table.js';
import type { CliContext } from '../cli-context.js';
import { isElsewhere } from '../follow/follow-to-end.js';
import { nodeText } from '../node-options.js';
import type { Level } from '../output.js';
import { usageError } from '../usage-error.js';
import { daemonInfo, engineText } from './version.js';

interface Check {
  readonly name: string;
  readonly level: Level;
  readonly found: string;
  readonly hint?: string;
}

/** `doctor`: what minithena needs on this machine, each with what was found and what to do. Exit code 1 when something is missing. */
export async function doctor(
  context: CliContext,
  options: { host?: string; output?: string },
): Promise<number> {
  if (options.output !== undefined && options.output !== 'json')
    throw usageError(`-o ${options.output}: only json`);
  if (isElsewhere(context))
    throw usageError('doctor looks at this machine', 'leave out --context and --kubeconfig');
  const checks = [
    nodeCheck(process.versions.node),
    stateCheck(statePath(context.options.cluster, context.env)),
    ...(await engineChecks(options.host)),
    ...(await daemonChecks(context)),
    await portCheck(),
  ];
  const { output } = context;
  const failed = checks.some((each) => each.level === 'bad');
  if (options.output === 'json') {
    output.data(
      JSON.stringify(
        { ok: !failed, checks: checks.map(({ level, ...each }) => ({ ...each, status: words[level] })) },
        null,
        4,
      ),
    );
  } else {
    const { stdout } = output;
    const rows = checks.map((each) => [
      `${stdout.glyph(each.level)} ${words[each.level]}`,
      each.name,
      each.found,
    ]);
    for (const [at, line] of table(rows).entries()) {
      output.data(line);
      const hint = checks[at]?.hint;
      if (hint !== undefined) output.data(`     hint: ${hint}`);
    }
  }
  return failed ? 1 : 0;
}

const words = { good: 'ok', busy: 'note', bad: 'fail' } as const;

export function nodeCheck(version: string): Check {
  const good = Number(version.split('.')[0]) >= 20;
  return {
    name: 'node',
    level: good ? 'good' : 'bad',
    found: version,
    ...(!good && { hint: 'install Node.js 20 or newer' }),
  };
}

/** The directory itself, or the nearest one above that exists, must be writable. */
export function stateCheck(directory: string): Check {
  let nearest = directory;
  while (!existsSync(nearest) && dirname(nearest) !== nearest) nearest = dirname(nearest);
  try {
    accessSync(nearest, constants.W_OK);
    return { name: 'state directory', level: 'good', found: directory };
  } catch (error) {
    return {
      name: 'state directory',
      level: 'bad',
      found: `${directory}: ${messageOf(error)}`,
      hint: 'make it writable, or point XDG_STATE_HOME elsewhere',
    };
  }
}

async function engineChecks(host: string | undefined): Promise<Check[]> {
  try {
    const { examineEngine } = await import('../../daemon/examine-engine.js');
    const engine = await examineEngine(host === undefined ? {} : { host });
    return [
      {
        name: 'engine',
        level: 'good',
        found: `${engine.kind} ${engine.version} at ${engine.foundAt}`,
      },
      { name: 'engine API', level: 'good', found: engine.apiVersion },
      ...engine.facts.map(([name, found]): Check => ({ name, level: 'good', found })),
      engine.hasStandIn
        ? { name: 'stand-in image', level: 'good', found: 'built' }
        : {
            name: 'stand-in image',
            level: 'busy',
            found: 'not built yet',
            hint: 'the first `minithena up` builds it, without a registry',
          },
    ];
  } catch (error) {
    const hint =
      isAppError(error) && error.hint
        ? error.hint
        : 'start Docker, or use `minithena up FILE --engine simulated`';
    return [{ name: 'engine', level: 'bad', found: messageOf(error), hint }];
  }
}

async function daemonChecks(context: CliContext): Promise<Check[]> {
  const info = await daemonInfo(context).catch(messageOf);
  const name = 'daemon';
  if (info === undefined)
    return [{ name, level: 'busy', found: 'not running', hint: '`minithena up FILE` starts it' }];
  if (typeof info === 'string')
    return [{ name, level: 'bad', found: info, hint: '`minithena stop`, then `minithena up FILE`' }];
  const same = info.version === programVersion();
  const errors = info.diagnostics.filter((each) => each.severity === 'error').length;
  return [
    {
      name,
      level: same ? 'good' : 'bad',
      found: `${info.version}, pid ${info.pid}, cluster ${info.cluster}`,
      ...(!same && {
        hint: `this program is ${programVersion()}: the next \`minithena up FILE\` replaces an older daemon`,
      }),
    },
    {
      name: "daemon's engine",
      level: info.engine.reachable ? 'good' : 'bad',
      found: engineText(info.engine),
    },
    {
      name: "daemon's node",
      level: info.node.note === undefined ? 'good' : 'busy',
      found: nodeText(info.node),
      ...(info.node.note !== undefined && { hint: info.node.note }),
    },
    ...(errors > 0
      ? [
          {
            name: 'watched files',
            level: 'bad' as const,
            found: `${errors} errors`,
            hint: `minithena validate ${info.files.join(' ')}`,
          },
        ]
      : []),
  ];
}

/** Can a port on loopback be had at all? The API and published ports need it. */
function portCheck(): Promise<Check> {
  const name = 'ports on 127.0.0.1';
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error) =>
      resolve({ name, level: 'bad', found: error.message, hint: 'minithena needs to listen on loopback' }),
    );
    server.listen(0, '127.0.0.1', () =>
      server.close(() => resolve({ name, level: 'good', found: 'can be had' })),
    );
  });
}
