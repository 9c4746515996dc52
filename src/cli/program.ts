import { Command, InvalidArgumentError, Option } from 'commander';
import { parseDuration } from '../lib/parse-duration.js';
import { programVersion } from '../lib/program-version.js';
import type { CliContext } from './cli-context.js';
import type { Stream } from './output.js';

type Run = (context: CliContext) => Promise<number | undefined>;
/** Carries out one command; `run` is handed the context that the command's options make. */
export type Execute = (command: Command, run: Run) => Promise<void>;

const list = (value: string, before: string[] | undefined): string[] => [...(before ?? []), value];
const duration = (text: string): number => {
  const ms = parseDuration(text);
  if (ms === undefined) throw new InvalidArgumentError('a span of time is written 90s, 10m or 1h30m.');
  return ms;
};
const tail = (text: string): number => {
  if (!/^-?\d+$/.test(text)) throw new InvalidArgumentError('a number of lines, or -1 for all.');
  return Number(text);
};

/** The command line as a table: names, options, and one lazily loaded file per command. Decides nothing itself. */
export function buildProgram(streams: { stdout: Stream; stderr: Stream }, execute: Execute): Command {
  const program = new Command('minithena')
    .description('Run kthena ModelServing YAML on the Docker engine of this machine.')
    .version(programVersion(), '-V, --version')
    .addOption(
      new Option('--cluster <name>', 'name of the cluster; each has its own daemon')
        .env('MINITHENA_CLUSTER')
        .default('default'),
    )
    .option('--kubeconfig <file>', 'talk to the API of this kubeconfig instead')
    .option('--context <name>', 'context of the kubeconfig')
    .option('-n, --namespace <name>', 'namespace (default: "default")')
    .option('--color', 'colours also off a terminal')
    .option('--no-color', 'no colours')
    .option('--ascii', 'no emoji and no other signs that ASCII lacks')
    .configureHelp({ showGlobalOptions: true })
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void streams.stdout.write(text),
      writeErr: (text) => void streams.stderr.write(text),
      // reportError says it in the program's own form.
      outputError: () => {},
    });
  const command = (usage: string, description: string) => program.command(usage).description(description);
  const output = (each: Command, more = '') =>
    each.option('-o, --output <format>', `table, json, yaml${more}`);
  const run =
    <A extends unknown[]>(
      load: () => Promise<(context: CliContext, ...args: A) => Promise<number | undefined>>,
    ) =>
    async (...args: unknown[]): Promise<void> => {
      const invoked = args.at(-1) as Command;
      await execute(invoked, async (context) => (await load())(context, ...(args.slice(0, -1) as A)));
    };

  command('up <file...>', 'run the ModelServings of files or folders and watch them')
    .option('-d, --detach', 'return when the daemon has taken the files over')
    .option('--plain', 'a line per change instead of the terminal UI')
    .option('-y, --yes', 'with --context: apply without asking')
    .option(
      '--timeout <span>',
      'give up watching after this time, 0 for never (off a terminal)',
      duration,
      600_000,
    )
    .option('--engine <kind>', 'docker or simulated (default: what the cluster runs on, else docker)')
    .option('--host <url>', 'address of the Docker engine, as for docker itself')
    .option(
      '--rules <rules>',
      'ordinal or upstream, of the daemon that this starts (kept until they are given again)',
    )
    .option('--stand-in', 'run the stand-in in the place of vLLM and SGLang images: no GPU, no model')
    .option('--no-stand-in', 'run the images themselves again')
    .option(
      '--gpus <which>',
      'GPUs for pods: a count, device ids separated by commas, none, auto (default), or fake:COUNT',
    )
    .option('--gpu-slots <n>', 'how many containers may share one GPU (default: 1)')
    .option(
      '--capacity <name=n>',
      'how much the node has of a resource (memory=64Gi, rdma/hca=4); may be repeated; none: what the engine says',
      list,
    )
    .option(
      '--pull <when>',
      'for all pods: always, missing or never; default: as each container says (kept until it is given again)',
    )
    .option('--adopt', "take over the containers of this cluster's name after its state was lost")
    .action(run(async () => (await import('./commands/up.js')).up));
  command('tui', 'watch and scale in the terminal UI')
    .option('--read-only', 'nothing can be changed from there')
    .action(run(async () => (await import('./commands/tui.js')).tui));
  command('stop', 'end the daemon; its containers run on').action(
    run(async () => (await import('./commands/stop.js')).stop),
  );
  command('down [file...]', 'remove what these files run, or everything')
    .option('--volumes', 'also the volumes of persistent volume claims')
    .option('-y, --yes', 'with --context: delete without asking')
    .option('--timeout <span>', 'give up waiting after this time, 0 for never', duration, 600_000)
    .action(run(async () => (await import('./commands/down.js')).down));

  output(
    command(
      'get <type> [name...]',
      'list objects: modelservings, servinggroups, roles, pods, operations, events, all …',
    ),
    ', wide, name, jsonpath=…',
  )
    .option('-w, --watch', 'go on with every change')
    .option('-l, --selector <labels>', 'only objects with these labels')
    .option('--field-selector <fields>', 'only objects with these fields')
    .option('-A, --all-namespaces', 'of all namespaces')
    .option('--no-headers', 'without the line of headings')
    .option('--show-labels', 'with a column of labels')
    .action(run(async () => (await import('./commands/get.js')).get));
  command('describe <type> [name...]', 'show objects in detail, with what they wait for and their events')
    .option('-l, --selector <labels>', 'only objects with these labels')
    .action(run(async () => (await import('./commands/describe.js')).describe));
  command(
    'logs [pod]',
    'print the output of containers: of a pod, or of all pods of ms/NAME, sg/NAME, role/NAME',
  )
    .option('-l, --selector <labels>', 'of all pods with these labels')
    .option('-c, --container <name>', 'of this container')
    .option('--all-containers', 'of all containers of the pod')
    .option('-f, --follow', 'go on with what comes')
    .option('-p, --previous', 'of the run before this one')
    .option('--tail <lines>', 'only the last lines; -1 for all (with -l: 10)', tail)
    .option('--since <duration>', 'only what is not older than this, e.g. 10m', duration)
    .option('--timestamps', 'with the time of each line')
    .option('--prefix', 'with the name of pod and container before each line')
    .action(run(async () => (await import('./commands/logs.js')).logs));
  command('top <type> [name]', 'what pods or nodes use: measured over a second, when it is asked for')
    .option('-l, --selector <labels>', 'only those with these labels')
    .option('-A, --all-namespaces', 'of all namespaces')
    .option('--containers', 'a line per container of the pods')
    .option('--sort-by <what>', 'cpu or memory, the most first')
    .option('--no-headers', 'without the line of headings')
    .option('-o, --output <format>', 'json')
    .action(run(async () => (await import('./commands/top.js')).top));
  command('exec <pod> [command...]', 'run a command in a container of a pod, role instance or group')
    .option('-c, --container <name>', 'in this container')
    .option('-i, --stdin', 'with the input of this command')
    .option('-t, --tty', 'with a terminal')
    .action(run(async () => (await import('./commands/exec.js')).exec));
  command('delete <type> [name...]', 'delete pods; the controller makes them again')
    .option('--grace-period <seconds>', 'time to end by themselves (default: as the pod says)')
    .action(run(async () => (await import('./commands/delete.js')).deletePods));
  command('attach <pod>', 'join the process of a container: what it says from now on, with -i what it reads')
    .option('-c, --container <name>', 'of this container')
    .option('-i, --stdin', 'with the input of this command')
    .option('-t, --tty', 'with a terminal, where the container has one')
    .action(run(async () => (await import('./commands/attach.js')).attach));
  command('cp <from> <to>', 'copy files and folders: ./file POD:/path, or POD:/path ./file')
    .option('-c, --container <name>', 'of this container')
    .action(run(async () => (await import('./commands/cp.js')).cp));
  command(
    'port-forward <pod> <ports...>',
    'let ports of this machine lead into a pod: 8080:8000, 8000, :http',
  )
    .option('--address <ip>', 'listen on this address', '127.0.0.1')
    .action(run(async () => (await import('./commands/port-forward.js')).portForward));
  command('events', 'list events in the order of time')
    .option('-w, --watch', 'go on with what comes')
    .option('--for <type/name>', 'about this object only')
    .option('--types <types>', 'Normal, Warning or both')
    .option('--kinds <types>', 'about objects of these types, e.g. pod,modelserving')
    .option('--reasons <reasons>', 'with one of these reasons, e.g. BackOff,Unhealthy')
    .option('-o, --output <format>', 'table, wide, json, yaml, name, jsonpath=…')
    .option('--no-headers', 'without the line of headings')
    .action(run(async () => (await import('./commands/events.js')).events));

  command(
    'record <file> [name...]',
    'write operations, stages and what they change into a file (- for standard output)',
  )
    .option('--for <span>', 'end after this time', duration)
    .option(
      '--until-complete',
      'end when all operations are complete and all is Available (with --for: 124 when not)',
    )
    .option('--overwrite', 'also over a file that exists')
    .action(run(async () => (await import('./commands/record.js')).record));
  command('replay <file>', 'show a recording, without an engine and without a daemon (- for standard input)')
    .option('--speed <factor>', '0.5x, 4x … or max (default: 1x)')
    .option('--start <span>', 'begin this far in', duration)
    .option('--plain', 'a line per change instead of the terminal UI')
    .option(
      '-o, --output <format>',
      'the stage tables of all operations: table, json, yaml, name, jsonpath=…',
    )
    .action(run(async () => (await import('./commands/replay.js')).replay));

  command('scale <name>', 'change counts: edits the YAML file in place')
    .option('--replicas <n>', 'ServingGroups')
    .option('--role <role=n>', 'instances of a role in each group; may be repeated', list)
    .action(run(async () => (await import('./commands/scale.js')).scale));
  output(
    command(
      'plan <file-or-name>',
      'the stages that an edit would cause, without doing it; exit code 2 when there are any',
    ),
  )
    .option('--replicas <n>', 'with a name: as if scaled to this')
    .option('--role <role=n>', 'with a name: as if this role were scaled; may be repeated', list)
    .action(run(async () => (await import('./commands/plan.js')).plan));
  const rollout = command(
    'rollout',
    'roll-outs of a ModelServing: how they stand, their history, back and again',
  );
  const rolloutCommand = (usage: string, description: string) =>
    rollout.command(usage).description(description);
  rolloutCommand('status <name>', 'wait until the roll-out is complete, and say what it waits for')
    .option('--no-watch', 'say how it stands, and do not wait')
    .option('--timeout <span>', 'give up after this time, 0 for never', duration, 0)
    .action(run(async () => (await import('./commands/rollout-status.js')).rolloutStatus));
  output(rolloutCommand('history <name>', 'the stored templates, and which ServingGroups have them'))
    .option('--revision <n>', 'this one whole, by its number or hash')
    .action(run(async () => (await import('./commands/rollout.js')).history));
  rolloutCommand(
    'diff <name>',
    'how the newest template differs from the one before; exit code 2 when it does',
  )
    .option('--revision <n>', 'from this one instead')
    .option('--to <n>', 'to this one instead')
    .action(run(async () => (await import('./commands/rollout.js')).diffRevisions));
  rolloutCommand('undo <name>', 'write the template before, or another one, back into the YAML file')
    .option('--to-revision <n>', 'this one, by its number or hash')
    .action(run(async () => (await import('./commands/rollout.js')).undo));
  rolloutCommand('restart <name>', 'make every pod anew, as a roll-out: an edit of the YAML file').action(
    run(async () => (await import('./commands/rollout.js')).restart),
  );
  rolloutCommand(
    'pause <name>',
    'keep groups from taking a new template: an annotation in the YAML file',
  ).action(run(async () => (await import('./commands/rollout.js')).pause));
  rolloutCommand('resume <name>', 'let them take it').action(
    run(async () => (await import('./commands/rollout.js')).resume),
  );
  command(
    'annotate <words...>',
    'set annotations: TYPE/NAME key=value, key- takes one away; of a ModelServing in its YAML file',
  )
    .option('--overwrite', 'replace what has another value')
    .action(run(async () => (await import('./commands/annotate.js')).annotate));
  output(
    command('diff <file>', 'what a file would change of the specs in force; exit code 2 when it would'),
  ).action(run(async () => (await import('./commands/diff.js')).diff));
  command(
    'chaos <kind> [target]',
    'a fault on real containers: kill, stop, pause, oom, unready, exit; of a pod, decode-0, G-2, ms/NAME',
  )
    .option('-l, --selector <labels>', 'of pods with these labels')
    .option('-c, --container <name>', 'this container')
    .option('--for <span>', 'how long a pause or unreadiness lasts (30s)', duration)
    .option('--code <n>', 'the exit code that `exit` is told as (1)')
    .option('--every <span>', 'again and again, each time one pod that the seed chooses', duration)
    .option('--count <n>', 'so many of the pods; with --every so many times')
    .option('--seed <n>', 'choose as another time')
    .option('--dry-run', 'only say what would be hit')
    .option('-o, --output <format>', 'json')
    .action(run(async () => (await import('./commands/chaos.js')).chaos));
  command('wait <type/name...>', 'wait until something is so, also for what does not exist yet')
    .requiredOption(
      '--for <what>',
      "condition=Available[=true], delete, create or jsonpath='{.status.phase}'=Running",
    )
    .option('--timeout <span>', 'give up after this time, 0 for never', duration, 30_000)
    .action(run(async () => (await import('./commands/wait.js')).wait));

  command('validate <file...>', 'check files and folders (- for standard input) without running anything')
    .option('-o, --output <format>', 'json')
    .action(run(async () => (await import('./commands/validate.js')).validate));
  command('doctor', 'check what minithena needs on this machine')
    .option('--host <url>', 'address of the Docker engine')
    .option('-o, --output <format>', 'json')
    .action(run(async () => (await import('./commands/doctor.js')).doctor));
  command('kubeconfig', 'print the kubeconfig of the cluster, for kubectl, k9s and client libraries')
    .option('--path', 'print where the file is instead')
    .addOption(
      new Option(
        '--merge [file]',
        'put it into a kubeconfig, as its current context (default: $KUBECONFIG, else ~/.kube/config)',
      ).conflicts('path'),
    )
    .action(run(async () => (await import('./commands/kubeconfig.js')).kubeconfig));
  command('version', 'versions of the program, the daemon and the engine')
    .option('-o, --output <format>', 'json')
    .action(run(async () => (await import('./commands/version.js')).version));
  return program;
}
