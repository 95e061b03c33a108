// An image has what its maker put into it. Scripts of ours run inside, and most of them only after an agent was paid.
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { type ProcessEnd, type Sandbox, SandboxRefused, type SandboxSpec } from '../../engine/port/sandbox.ts';
import { toProbeSpec } from '../bubblewrap/probe.ts';

/** What our scripts call: at the start of each process, over a result, a checkpoint, a prompt or a set-up, and in proofs. */
const packages = {
  coreutils: 'cat cp dd env head ln mkdir mktemp readlink rm stat touch tr wc'.split(' '),
  findutils: ['find', 'xargs'],
  'mawk or gawk': ['awk'],
  git: ['git'],
  gzip: ['gzip'],
  tar: ['tar'],
};

export const neededPrograms: readonly string[] = Object.values(packages).flat();

const listMissing = 'for program; do command -v "$program" > /dev/null || echo "$program"; done';
/** Of a shell that finds no program. The first that it needs is the one that clears the environment. */
const notFoundCode = 127;

/** Throws SandboxRefused with what is missing by name. `place`: where it would have to be. */
export async function refuseWithoutPrograms(
  open: (spec: SandboxSpec) => Promise<Sandbox>,
  { stateFolder, place }: { readonly stateFolder: string; readonly place: string },
): Promise<void> {
  const workspace = await mkdtemp(join(stateFolder, 'probe-'));
  try {
    const missing = await findMissing(open, workspace);
    if (missing.length === 0) return await refuseOtherTar(open, { workspace, place });
    const needed = Object.entries(packages).filter(([, programs]) => programs.some((name) => missing.includes(name)));
    const mend = `install ${needed.map(([name]) => name).join(', ')} there`;
    throw new SandboxRefused('oci', `${place} has no ${missing.join(', ')}, which every run needs: ${mend}`);
  } finally {
    await rm(workspace, { recursive: true, force: true });
  }
}

async function findMissing(open: (spec: SandboxSpec) => Promise<Sandbox>, workspace: string): Promise<string[]> {
  const { stdout, stderr, end } = await ask(open, workspace, ['sh', '-c', listMissing, 'sh', ...neededPrograms]);
  if (end.kind === 'exited' && end.code === 0) return stdout.split('\n').filter((name) => name !== '');
  if (end.kind === 'exited' && end.code === notFoundCode) return ['env'];
  const said = stderr.replace(/\s+/g, ' ').slice(0, 200);
  throw new SandboxRefused('oci', `a sandbox started, but no shell ran in it (${end.kind}: ${said})`);
}

/** With each option that checkpoints pack and unpack with: other tars have few of them. */
export const tryTar = String.raw`
set -eu
cd "$(mktemp -d)"
mkdir nested to
printf one > nested/kept
printf 'nested\0' > names
tar --create --use-compress-program 'gzip -1' --sparse \
  --warning=none --warning=file-changed --warning=file-shrank --warning=file-removed \
  --anchored --no-wildcards --exclude nested/.npm \
  --null --verbatim-files-from --files-from names > packed
cd to
tar --extract --gunzip --no-same-owner --preserve-permissions --unlink-first --recursive-unlink --file - < ../packed
[ "$(cat nested/kept)" = one ]
`;

async function refuseOtherTar(
  open: (spec: SandboxSpec) => Promise<Sandbox>,
  { workspace, place }: { readonly workspace: string; readonly place: string },
): Promise<void> {
  const { end, stderr } = await ask(open, workspace, ['sh', '-c', tryTar]);
  if (end.kind === 'exited' && end.code === 0) return;
  const said = stderr.replace(/\s+/g, ' ').trim().slice(0, 200);
  throw new SandboxRefused(
    'oci',
    `the tar of ${place} cannot pack and unpack a checkpoint (${said}): install GNU tar there, and gzip`,
  );
}

async function ask(
  open: (spec: SandboxSpec) => Promise<Sandbox>,
  workspace: string,
  argv: readonly string[],
): Promise<{ readonly stdout: string; readonly stderr: string; readonly end: ProcessEnd }> {
  const sandbox = await open(toProbeSpec(workspace, { mode: 'deny' }, 'read-only'));
  try {
    const child = sandbox.spawn(argv);
    child.stdin.end();
    const [stdout, stderr, end] = await Promise.all([text(child.stdout), text(child.stderr), child.end]);
    return { stdout, stderr, end };
  } finally {
    await sandbox.dispose();
  }
}
