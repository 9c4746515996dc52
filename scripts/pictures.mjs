/** Makes the README's picture, docs/tui.svg, from the real terminal UI, on the simulated engine, in tmux: `npm run build && node scripts/pictures.mjs`. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

const folder = mkdtempSync(join(tmpdir(), 'pictures-'));
const socket = `minithena-pictures-${process.pid}`;
const program = resolve('dist/cli/main.js');
const env = {
  ...process.env,
  XDG_STATE_HOME: join(folder, 'state'),
  XDG_CONFIG_HOME: folder,
  LC_ALL: 'C.UTF-8',
};
const tmux = (...words) => execFileSync('tmux', ['-L', socket, ...words], { encoding: 'utf8', env });
const screen = (...how) => tmux('capture-pane', '-p', ...how);

const role = (name, simulated) => `
      - name: ${name}
        replicas: 1
        workerReplicas: 0
        entryTemplate:
          metadata: { annotations: { minithena.dev/simulate: "${simulated}" } }
          spec:
            containers: [{ name: vllm, image: vllm/vllm-openai:v0.9.0 }]`;
const yaml = `apiVersion: workload.serving.volcano.sh/v1alpha1
kind: ModelServing
metadata: { name: sample }
spec:
  replicas: 3
  template:
    roles:${role('prefill', 'ready-after=3s')}${role('decode', 'ready-after=1s')}
`;

async function shows(text) {
  const until = Date.now() + 60_000;
  while (!screen().includes(text)) {
    if (Date.now() > until) throw new Error(`not on the screen: ${text}\n${screen()}`);
    await pause(100);
  }
}
function picture(name) {
  const { stdout, status } = spawnSync(process.execPath, ['scripts/screen-to-svg.mjs'], {
    input: screen('-e', '-N'),
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`no picture ${name}`);
  writeFileSync(`docs/${name}.svg`, stdout);
}
async function onScreen(take) {
  writeFileSync(join(folder, 'serving.yaml'), yaml);
  const up = `exec ${process.execPath} ${program} up serving.yaml --engine simulated --cluster demo`;
  tmux('new-session', '-d', '-x', '112', '-y', '36', '-c', folder, up);
  try {
    await take((...keys) => tmux('send-keys', ...keys));
  } finally {
    tmux('kill-server');
    for (const words of [['down'], ['stop']])
      spawnSync(process.execPath, [program, ...words, '--cluster', 'demo'], { env });
  }
}

try {
  await onScreen(async (type) => {
    await shows('Available');
    type('Down');
    type('+');
    await shows('works on');
    type('Enter');
    await shows('Operation: prefill 1');
    await shows('Stage 3');
    picture('tui');
  });
} finally {
  rmSync(folder, { recursive: true, force: true });
}
