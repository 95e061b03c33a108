import { existsSync, readFileSync } from 'node:fs';
import { systemCalls } from '../../../../src/sandbox/bubblewrap/system-calls.ts';
import { type Attempt, done, sh, shDoes, systemCall } from '../attempt.ts';

const calls = systemCalls[process.arch];
if (!calls) throw new Error(`no system calls are known for ${process.arch}`);
const { denied, socket, clone } = calls;

const readSetting = (name: string) => {
  try {
    return readFileSync(`/proc/sys/kernel/${name}`, 'utf8').trim();
  } catch {
    return '0';
  }
};

const call = (name: string, program: readonly string[]): Attempt => ({
  name,
  isAboutHostKernel: true,
  program: () => program,
});

const childSignal = 17;
const newUser = 0x10000000;
const sessionKeyring = -3;

export const kernel: readonly Attempt[] = [
  call('makes a user of its own that is root', shDoes('unshare -Ur true')),
  call('makes such a user by a bare call', [
    'perl',
    '-e',
    `$pid = syscall(${clone}, ${newUser | childSignal}, 0, 0, 0, 0); exit 0 if $pid == 0; print "${done}" if $pid > 0`,
  ]),
  call('mounts as root of its own', shDoes('unshare -Urm mount -t tmpfs none /mnt')),
  call('makes a network as root of its own', shDoes('unshare -Urn true')),
  call("looks into the worker's keyring", systemCall(denied.keyctl, 0, sessionKeyring, 1)),
  call(
    "puts a key into the worker's keyring",
    systemCall(denied.add_key, '$kind = "user"', '$name = "planted"', '$room', 1, sessionKeyring),
  ),
  call('lets itself be traced', systemCall(denied.ptrace, 0, 0, 0, 0)),
  ...(readSetting('io_uring_disabled') === '0'
    ? [call('opens io_uring', systemCall(denied.io_uring_setup, 1, '$room'))]
    : []),
  ...(existsSync('/dev/vsock') ? [call('opens a socket to the hypervisor', systemCall(socket, 40, 1, 0))] : []),
  call("listens to the machine's devices", systemCall(socket, 16, 3, 15)),
  call('asks for another personality', systemCall(denied.personality, 0xffffffff)),
  call("reads the machine's clock discipline", systemCall(denied.adjtimex, '$room')),
  {
    name: "reads the machine's name",
    program: () => sh('hostname | tr a-z A-Z; cat /proc/sys/kernel/hostname'),
    reached: ({ stdout }, { secret }) => stdout.toLowerCase().includes(secret.toLowerCase()),
  },
  {
    name: "changes the machine's name",
    user: 'root',
    program: ({ secret }) => shDoes(`hostname ${secret.toLowerCase()}`),
  },
  {
    name: "changes a setting of the machine's network",
    user: 'root',
    program: () => shDoes('echo 1 > /proc/sys/net/ipv4/ip_forward'),
  },
  {
    name: 'mounts over a folder of the machine',
    user: 'root',
    program: () => shDoes('mount -t tmpfs none /media && umount /media'),
  },
  {
    name: 'changes its root folder',
    user: 'root',
    program: () => shDoes('chroot / true'),
  },
  {
    name: 'becomes another user',
    user: 'root',
    program: () => shDoes('setpriv --reuid 4711 --clear-groups true'),
  },
  {
    name: 'gives the machine another address',
    user: 'root',
    program: () => shDoes('ip addr add 10.99.0.1/32 dev lo && ip addr del 10.99.0.1/32 dev lo'),
  },
];
