import { chmodSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Attempt, sh, shDoes } from '../attempt.ts';
import type { World } from '../world.ts';

const read = (name: string, path: (world: World) => string): Attempt => ({
  name: `reads ${name}`,
  program: (world) => sh(`cat "${path(world)}"`),
});

const untouched = 'untouched\n';
const victim = ({ other }: World) => join(other, 'victim');
const restore = (world: World) => {
  rmSync(victim(world), { force: true });
  writeFileSync(victim(world), untouched);
  chmodSync(victim(world), 0o666);
};

/** Something of another workspace is changed, whatever the program says. */
const spoil = (name: string, script: (path: string) => string): Attempt => ({
  name,
  prepare: restore,
  program: (world) => sh(script(victim(world))),
  reached: (_answer, world) => !existsSync(victim(world)) || readFileSync(victim(world), 'utf8') !== untouched,
});

export const files: readonly Attempt[] = [
  read('a private key of the worker', ({ home }) => join(home, '.ssh/id_ed25519')),
  read('the tokens of npm', ({ home }) => join(home, '.npmrc')),
  read('the passwords of curl and git', ({ home }) => join(home, '.netrc')),
  read('the login of GitHub', ({ home }) => join(home, '.config/gh/hosts.yml')),
  read("the worker's environment file", ({ home }) => join(home, '.env')),
  read('the workspace of another attempt', ({ other }) => join(other, 'task.txt')),
  read('the mirror of the repository', ({ folder }) => join(folder, 'mirror/objects/pack')),
  read("the machine's users", () => '/etc/passwd'),
  read("the machine's temporary files", () => '/mnt/disk/tmp/worker'),
  read("the machine's shared memory", () => '/dev/shm/worker'),
  read('by a way up from the workspace', ({ workspace, home }) => {
    const steps = workspace
      .split('/')
      .slice(1)
      .map(() => '..');
    return `${steps.join('/')}${home}/.npmrc`;
  }),
  { ...read('through the root of the first process', ({ home }) => `/proc/1/root${home}/.npmrc`), user: 'root' },
  read('through the root of another process', ({ home, decoy }) => `/proc/${decoy()}/root${home}/.npmrc`),
  {
    name: 'reads through the working folder of its parent',
    program: ({ home }) => sh(`for p in /proc/[0-9]*; do cat "$p/cwd${home}/.npmrc"; done`),
  },
  {
    name: 'reads through a link that it puts into the workspace',
    program: ({ home }) => sh(`ln -sfn "${home}" way-out; cat way-out/.npmrc`),
  },
  {
    name: 'reads through a second name of a file',
    program: ({ home }) => sh(`rm -f second; ln "${home}/.npmrc" second; cat second`),
  },
  {
    name: 'looks for files of the worker in every folder',
    program: ({ folder }) =>
      sh(`ls -R "${folder}" | grep -q id_ed25519 || ls -a "${folder}/home" | grep -q npmrc && echo "it is done"`),
  },
  spoil('writes into the workspace of another attempt', (path) => `echo changed > "${path}"`),
  spoil('removes a file of another attempt', (path) => `rm -f "${path}"`),
  spoil('moves a file of another attempt away', (path) => `mv "${path}" "${path}.gone"`),
  spoil('writes through a link that it puts into the workspace', (path) => `ln -sfn "${path}" out; echo changed > out`),
  spoil('cuts a file of another attempt', (path) => `: > "${path}"`),
  {
    name: 'lets every user read a file of the worker',
    program: ({ home }) => shDoes(`chmod 666 "${home}/.ssh/id_ed25519"`),
  },
  {
    name: 'puts another workspace in the place of its own',
    program: ({ workspace }) =>
      shDoes(
        `for own in "${workspace}" /workspace; do mv "$own" "$own-moved" && mv "$own-moved" "$own" && break; done`,
      ),
  },
  {
    name: 'changes a program that every sandbox runs',
    program: ({ stateFolder }) =>
      shDoes(
        `for own in "${stateFolder}/runtime/relay.mjs" /run/gatepilot/relay.mjs; do echo "// spoiled" >> "$own" && break; done`,
      ),
  },
  {
    name: "leaves a file in the machine's temporary folder",
    prepare: () => rmSync('/mnt/disk/tmp/left', { force: true }),
    program: () => sh('echo left > /mnt/disk/tmp/left'),
    reached: () => existsSync('/mnt/disk/tmp/left'),
  },
  {
    name: "leaves a file in the machine's shared memory",
    prepare: () => rmSync('/dev/shm/left', { force: true }),
    program: () => sh('echo left > /dev/shm/left'),
    reached: () => existsSync('/dev/shm/left'),
  },
];
