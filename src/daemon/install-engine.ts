import { spawn } from 'node:child_process';
import { existsSync, openSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline/promises';
import { execa } from 'execa';
import { AppError } from '../lib/app-error.js';
import { sleep, systemClock } from '../lib/clock.js';

export interface InstallEngineOptions {
  /** Lines for the person who waits. */
  say(text: string): void;
  /** True where a person can answer. */
  interactive: boolean;
}

/**
 * Installs and starts a Docker engine on Debian and Ubuntu, as root, where none was configured and none runs. Returns what was done, or why
 * nothing was: then `reason` names the one thing to do.
 */
export async function installEngine(
  options: InstallEngineOptions,
): Promise<{ done: true } | { done: false; reason: string }> {
  const { say, interactive } = options;
  if (process.env.DOCKER_HOST || process.env.DOCKER_CONTEXT) {
    return {
      done: false,
      reason: 'DOCKER_HOST or DOCKER_CONTEXT names an engine that does not answer: start that one',
    };
  }
  if (process.platform === 'darwin' || process.platform === 'win32') {
    return { done: false, reason: 'start Docker Desktop, Colima or Podman' };
  }
  if (!isDebianLike())
    return { done: false, reason: "install Docker with your system's package manager and start it" };
  if (process.getuid?.() !== 0) {
    return {
      done: false,
      reason: 'run `sudo apt-get install docker.io`, and add this user to the group docker',
    };
  }
  const installed = existsSync('/usr/bin/dockerd') || existsSync('/usr/sbin/dockerd');
  const plan = installed
    ? 'start the Docker engine'
    : 'install docker.io with apt-get and start the Docker engine';
  if (interactive && !(await agrees(`No Docker engine answers. ${plan}? [Y/n] `))) {
    return { done: false, reason: `${plan}, or point DOCKER_HOST at an engine` };
  }
  say(`no Docker engine answers: going to ${plan}`);
  if (!installed) {
    const env = { DEBIAN_FRONTEND: 'noninteractive' };
    await execa('apt-get', ['update', '-q'], { env, stdout: 'ignore', stderr: 'inherit' });
    await execa('apt-get', ['install', '-y', '-q', '--no-install-recommends', 'docker.io', 'iptables'], {
      env,
      stdout: 'ignore',
      stderr: 'inherit',
    });
  }
  await start();
  say('the Docker engine runs');
  return { done: true };
}

async function agrees(question: string): Promise<boolean> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await lines.question(question);
  lines.close();
  return /^(y(es)?)?$/i.test(answer.trim());
}

function isDebianLike(): boolean {
  try {
    return /^ID(_LIKE)?=.*(debian|ubuntu)/m.test(readFileSync('/etc/os-release', 'utf8'));
  } catch {
    return false;
  }
}

/**
 * By systemd where it rules (the package has started it by then), by hand in containers and bare virtual machines. A socket that nobody answers
 * on is what an engine that was killed left behind; a second engine would end by itself.
 */
async function start(): Promise<void> {
  if (existsSync('/run/systemd/system')) {
    await execa('systemctl', ['start', 'docker']);
  } else {
    const log = openSync('/var/log/dockerd.log', 'a');
    spawn('dockerd', [], { detached: true, stdio: ['ignore', log, log] }).unref();
  }
  const alive = setInterval(() => {}, 1000);
  try {
    for (let waited = 0; waited < 60_000; waited += 200) {
      if (await answers()) return;
      await sleep(systemClock, 200);
    }
  } finally {
    clearInterval(alive);
  }
  throw new AppError('EngineUnreachable', 'the Docker engine was started and does not answer', {
    hint: 'read /var/log/dockerd.log',
  });
}

/** The engine's own ping over its socket; any answer will do. */
async function answers(): Promise<boolean> {
  const { request } = await import('node:http');
  return new Promise((resolve) => {
    const call = request(
      { socketPath: '/var/run/docker.sock', path: '/_ping', timeout: 1000 },
      (response) => {
        response.resume();
        resolve(response.statusCode === 200);
      },
    );
    call.on('error', () => resolve(false));
    call.on('timeout', () => call.destroy());
    call.end();
  });
}
