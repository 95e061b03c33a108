import { existsSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { SandboxLimits } from '../../../../src/engine/port/sandbox.ts';
import { mebibyte } from '../../support/spec.ts';
import { type Attempt, done, node, perl, sh } from '../attempt.ts';

const beyond = (
  name: string,
  limits: Partial<SandboxLimits>,
  program: readonly string[],
  more: Partial<Attempt> = {},
): Attempt => ({
  name,
  spec: { limits },
  program: () => program,
  ...more,
});

const take = (mebibytes: number) => `
  const kept = [];
  while (kept.length < ${mebibytes} / 8) { kept.push(Buffer.alloc(8 * ${mebibyte}, 1)); await new Promise((next) => setTimeout(next, 4)); }`;

const several = (count: number) =>
  node(`
  import { spawn } from "node:child_process";
  const children = [];
  for (let i = 0; i < ${count}; i++) {
    const child = spawn("sleep", ["20"], { stdio: "ignore" });
    child.on("error", () => undefined);
    if (child.pid) children.push(child);
  }
  if (children.length === ${count}) console.log("${done}");
  for (const child of children) child.kill("SIGKILL");
  process.exit(0);`);

const fill = (path: string, mebibytes: number) =>
  sh(`dd if=/dev/zero of="${path}" bs=1M count=${mebibytes} 2>/dev/null && echo "${done}"; rm -f "${path}"`);

/** Numbers of system calls that no program of the shell makes. */
const calls = process.arch === 'arm64' ? { memfdCreate: 279, mmap: 222 } : { memfdCreate: 319, mmap: 9 };

/** Each of `count` files is removed before it is written; `then` keeps it in another way than by its descriptor. */
const keepRemoved = (count: number, mebibytes: number, then = '') =>
  perl(`
  my @kept; my $block = "x" x ${mebibyte};
  for my $i (1..${count}) {
    open(my $file, "+>", "removed$i") or exit 1; unlink "removed$i";
    for (1..${mebibytes}) { defined(syswrite($file, $block)) or exit 1 }
    ${then === '' ? 'push @kept, $file;' : then}
  }
  sleep 6; print "${done}";`);

const mapAndClose = (mebibytes: number) =>
  `syscall(${calls.mmap}, 0, ${mebibytes} * ${mebibyte}, 1, 1, fileno($file), 0) != -1 or exit 1; close $file;`;

const makeEmpty = (count: number) =>
  `perl -e 'for $folder (1..${count / 1_000}) { mkdir "empty$folder"; for (1..1000) { open($file, ">", "empty$folder/$_"); close $file } }'`;

const keepMemoryFiles = (count: number) =>
  perl(`
  my @kept; my $name = "kept\\0"; my $block = "x" x ${mebibyte};
  for (1..${count}) {
    my $number = syscall(${calls.memfdCreate}, $name, 0); $number >= 0 or exit 1;
    open(my $file, ">&=", $number); push @kept, $file;
    for (1..100) { defined(syswrite($file, $block)) or exit 1 }
  }
  sleep 4; print "${done}";`);

const keepSegments = (count: number) =>
  perl(`
  my @kept; my $block = "x" x ${mebibyte};
  END { shmctl($_, 0, 0) for @kept }
  for (1..${count}) {
    my $id = shmget(0, 100 * ${mebibyte}, 0600 | 01000); defined($id) or exit 1; push @kept, $id;
    for (0..99) { shmwrite($id, $block, $_ * ${mebibyte}, ${mebibyte}) or exit 1 }
  }
  sleep 4; print "${done}";`);

const writeMany = 'mkdir -p many; for i in 1 2 3 4 5 6; do dd if=/dev/zero of=many/$i bs=1M count=10 2>/dev/null; done';

const compute = (seconds: number) =>
  `node -e 'while (process.cpuUsage().user < ${seconds * 1e6}) for (let i = 0; i < 1e7; i++);'`;

export const limits: readonly Attempt[] = [
  beyond('takes more memory', { memoryBytes: 160 * mebibyte }, node(`${take(400)} console.log("${done}")`)),
  beyond(
    'takes more memory in many small processes',
    { memoryBytes: 240 * mebibyte },
    sh(
      `for i in 1 2 3 4 5; do node -e 'const kept = Buffer.alloc(70 * ${mebibyte}, 1); setTimeout(() => console.log("one", kept.length), 2500)' & done; wait; echo "${done}"`,
    ),
  ),
  beyond('takes more memory as files', { memoryBytes: 128 * mebibyte }, fill('/dev/shm/large', 200)),
  beyond(
    'takes more memory as files that only descriptors lead to',
    { memoryBytes: 160 * mebibyte },
    keepMemoryFiles(4),
  ),
  beyond('takes more memory as segments that nobody has mapped', { memoryBytes: 160 * mebibyte }, keepSegments(4)),
  beyond('starts more processes', { pids: 40 }, several(60)),
  beyond('starts more threads', { pids: 40 }, manyThreads(60)),
  beyond(
    'forks without an end',
    { pids: 40, wallMs: 2_000 },
    sh(
      'grow() { [ "$1" -gt 6 ] || { grow $(($1 + 1)) & grow $(($1 + 1)) & wait; }; }; grow 0; sleep 2; echo "it is done"',
    ),
  ),
  beyond(
    'computes for longer',
    { cpuSeconds: 1 },
    node(`while (process.cpuUsage().user < 2.5e6); console.log("${done}")`),
  ),
  beyond(
    'computes for longer in several processes, none of which takes long',
    { cpuSeconds: 1 },
    sh(`for round in 1 2 3; do for i in 1 2 3 4; do ${compute(0.6)} & done; wait; done; sleep 2; echo "${done}"`),
  ),
  beyond(
    'computes for longer in one process after the other',
    { cpuSeconds: 1 },
    sh(`for i in 1 2 3 4 5 6 7 8; do ${compute(0.6)}; done; sleep 2; echo "${done}"`),
  ),
  beyond('goes on for longer', { wallMs: 800 }, sh(`sleep 2; echo "${done}"`)),
  beyond('goes on for longer, deaf to signals', { wallMs: 800 }, sh(`trap "" TERM INT HUP; sleep 2; echo "${done}"`)),
  beyond('prints more', { outputBytes: 100_000 }, sh('head -c 1000000 /dev/zero | tr "\\0" x'), {
    reached: ({ stdout }) => stdout.length > 200_000,
  }),
  beyond('complains more', { outputBytes: 100_000 }, sh('head -c 1000000 /dev/zero | tr "\\0" x >&2'), {
    reached: ({ stderr }) => stderr.length > 200_000,
  }),
  beyond('writes a larger file', { diskBytes: 20 * mebibyte }, sh('dd if=/dev/zero of=large bs=1M count=60'), {
    prepare: ({ workspace }) => rmSync(join(workspace, 'large'), { force: true }),
    reached: (_answer, { workspace }) => sizeOf(join(workspace, 'large')) > 40 * mebibyte,
  }),
  beyond('writes more files', { diskBytes: 20 * mebibyte }, sh(`${writeMany}; sleep 4; rm -r many; echo "${done}"`)),
  beyond('writes more files and ends at once', { diskBytes: 20 * mebibyte }, sh(`${writeMany}`), {
    reached: ({ end }) => end?.kind === 'exited' && end.code === 0,
  }),
  beyond(
    'writes more files in a folder that nobody may look into',
    { diskBytes: 20 * mebibyte },
    sh(`${writeMany}; chmod 0 many; sleep 4; chmod 700 many; rm -r many; echo "${done}"`),
  ),
  beyond('keeps files that it removed', { diskBytes: 20 * mebibyte }, keepRemoved(12, 15)),
  beyond('keeps removed files in its memory', { diskBytes: 20 * mebibyte }, keepRemoved(12, 15, mapAndClose(15))),
  beyond(
    'makes more files, all of them empty',
    { diskBytes: 20 * mebibyte },
    sh(`${makeEmpty(15_000)}; sleep 6; echo "${done}"`),
  ),
  beyond('fills the temporary folder', { memoryBytes: 128 * mebibyte }, fill('/tmp/large', 100)),
  beyond(
    'opens more files',
    {},
    node(`
    import { openSync } from "node:fs";
    let opened = 0;
    try { for (; opened < 18000; opened++) openSync("/dev/null"); } catch {}
    if (opened === 18000) console.log("${done}");`),
  ),
];

function manyThreads(count: number): readonly string[] {
  return node(`
    import { Worker } from "node:worker_threads";
    const threads = [];
    let started = 0;
    for (let i = 0; i < ${count}; i++) {
      const thread = new Worker("setTimeout(() => undefined, 20000)", { eval: true });
      thread.on("online", () => { if (++started === ${count}) { console.log("${done}"); process.exit(0); } });
      thread.on("error", () => process.exit(1));
    }`);
}

function sizeOf(path: string): number {
  return existsSync(path) ? statSync(path).size : 0;
}
