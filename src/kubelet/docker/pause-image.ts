import type { ImageBuilder } from './build-image.js';

const tag = 'minithena/pause:latest';
const contentLabel = 'minithena.dev/pause-version';
const version = '2';

/**
 * The image of the sandbox container, `FROM scratch` with one program of 300 bytes: it holds the pod's network and waits for SIGTERM. Built
 * by the engine itself, so that nothing is pulled.
 */
export async function ensurePauseImage(
  images: ImageBuilder,
  architecture: string,
): Promise<{ built: boolean }> {
  if ((await images.imageLabels(tag))?.[contentLabel] === `${version}-${architecture}`)
    return { built: false };
  await images.build({
    tag,
    dockerfile: ['FROM scratch', 'COPY pause /pause', 'ENTRYPOINT ["/pause"]', ''].join('\n'),
    files: [{ path: 'pause', mode: 0o755, content: pauseProgram(architecture) }],
    labels: { [contentLabel]: `${version}-${architecture}` },
  });
  return { built: true };
}

const isArm = (architecture: string): boolean => /^(aarch64|arm64)/.test(architecture);

/**
 * A static ELF executable. As process 1 a program ignores signals it has no handler for, unless they are blocked and waited for: so it blocks
 * SIGINT and SIGTERM, waits for one of them, and exits with 0. SIGCHLD is ignored: what dies in a pod that shares its processes is then buried by
 * the kernel.
 */
export function pauseProgram(architecture: string): Buffer {
  const arm = isArm(architecture);
  const code = Buffer.from(
    (arm ? armCode : intelCode).flatMap((line) => line.match(/../g) ?? []).join(''),
    'hex',
  );
  const headerBytes = 64 + 56;
  const base = 0x400000n;
  const size = BigInt(headerBytes + code.length);
  const header = Buffer.alloc(headerBytes);
  header.write('\x7fELF\x02\x01\x01', 'latin1');
  header.writeUInt16LE(2, 16); // an executable
  header.writeUInt16LE(arm ? 183 : 62, 18);
  header.writeUInt32LE(1, 20);
  header.writeBigUInt64LE(base + BigInt(headerBytes), 24); // where it begins
  header.writeBigUInt64LE(64n, 32); // the program header follows
  header.writeUInt16LE(64, 52);
  header.writeUInt16LE(56, 54);
  header.writeUInt16LE(1, 56);
  header.writeUInt32LE(1, 64); // loaded as it stands …
  header.writeUInt32LE(5, 68); // … to be read and executed
  header.writeBigUInt64LE(base, 80);
  header.writeBigUInt64LE(base, 88);
  header.writeBigUInt64LE(size, 96);
  header.writeBigUInt64LE(size, 104);
  header.writeBigUInt64LE(0x10000n, 112);
  return Buffer.concat([header, code]);
}

/** 0x4002 is the set of signals 2 (SIGINT) and 15 (SIGTERM). */
const intelCode = [
  '6a006a006a00', // push 0, three times: mask, restorer, flags
  '6a01', // push 1: SIG_IGN
  '4889e6', // mov rsi, rsp
  'bf11000000', // mov edi, 17: SIGCHLD
  '31d2', // xor edx, edx
  '41ba08000000', // mov r10d, 8
  'b80d000000', // mov eax, 13: rt_sigaction
  '0f05', // syscall
  '6802400000', // push 0x4002
  '4889e6', // mov rsi, rsp
  '31ff', // xor edi, edi: SIG_BLOCK
  '31d2', // xor edx, edx
  '41ba08000000', // mov r10d, 8
  'b80e000000', // mov eax, 14: rt_sigprocmask
  '0f05', // syscall
  '4889e7', // wait: mov rdi, rsp
  '31f6', // xor esi, esi
  '31d2', // xor edx, edx: no time limit
  '41ba08000000', // mov r10d, 8
  'b880000000', // mov eax, 128: rt_sigtimedwait
  '0f05', // syscall
  '85c0', // test eax, eax
  '78e8', // js wait: interrupted
  '31ff', // xor edi, edi
  'b83c000000', // mov eax, 60: exit
  '0f05', // syscall
];

/** The same for 64-bit ARM; words are little-endian. */
const armCode = [
  'ff8300d1', // sub sp, sp, #32
  '290080d2', // mov x9, #1: SIG_IGN
  'e90300f9', // str x9, [sp]
  'ff0700f9', // str xzr, [sp, #8]: no flags
  'ff0b00f9', // str xzr, [sp, #16]: no restorer
  'ff0f00f9', // str xzr, [sp, #24]: no mask
  '200280d2', // mov x0, #17: SIGCHLD
  'e1030091', // mov x1, sp
  '020080d2', // mov x2, #0
  '030180d2', // mov x3, #8
  'c81080d2', // mov x8, #134: rt_sigaction
  '010000d4', // svc #0
  'ff4300d1', // sub sp, sp, #16
  '490088d2', // mov x9, #0x4002
  'e90300f9', // str x9, [sp]
  '000080d2', // mov x0, #0: SIG_BLOCK
  'e1030091', // mov x1, sp
  '020080d2', // mov x2, #0
  '030180d2', // mov x3, #8
  'e81080d2', // mov x8, #135: rt_sigprocmask
  '010000d4', // svc #0
  'e0030091', // wait: mov x0, sp
  '010080d2', // mov x1, #0
  '020080d2', // mov x2, #0: no time limit
  '030180d2', // mov x3, #8
  '281180d2', // mov x8, #137: rt_sigtimedwait
  '010000d4', // svc #0
  '40ffff37', // tbnz w0, #31, wait: interrupted
  '000080d2', // mov x0, #0
  'a80b80d2', // mov x8, #93: exit
  '010000d4', // svc #0
];
