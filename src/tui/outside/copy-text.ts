import { spawn } from 'node:child_process';

/** Hands a text to the clipboard of this machine's desktop, if there is one; without it nothing happens, and nothing is said. */
export function copyText(text: string): void {
  const [file, ...args] = clipboardCommand(process.platform, process.env);
  if (file === undefined) return;
  const child = spawn(file, args, { stdio: ['pipe', 'ignore', 'ignore'] });
  child.on('error', () => undefined);
  child.stdin.on('error', () => undefined);
  child.stdin.end(text);
  child.unref();
}

/** Over ssh the desktop is another machine's: the terminal's own way reaches it. Pure. */
export function clipboardCommand(platform: string, env: NodeJS.ProcessEnv): string[] {
  if (env.SSH_CONNECTION) return [];
  if (platform === 'darwin') return ['pbcopy'];
  if (env.WAYLAND_DISPLAY) return ['wl-copy'];
  return env.DISPLAY ? ['xclip', '-selection', 'clipboard'] : [];
}
