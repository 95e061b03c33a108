import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { readDescendants, readText } from '../../../../src/sandbox/bubblewrap/process-facts.ts';
import { systemCalls } from '../../../../src/sandbox/bubblewrap/system-calls.ts';
import { findProcesses } from '../../support/host-processes.ts';
import { type Attempt, done, perl, sh, shDoes, systemCall } from '../attempt.ts';

const calls = systemCalls[process.arch];
if (!calls) throw new Error(`no system calls are known for ${process.arch}`);
const { denied } = calls;

/** By its own name: whoever starts sandboxes is told where the program of that kernel is. */
const isKernel = (pid: number) => /^(?:[^\0]*\/)?runsc[^\0/]*\0/.test(readText(`/proc/${pid}/cmdline`) ?? '');

/** A process that goes on when its command has ended. */
const survive = (name: string, script: (mark: string) => string): Attempt => {
  let mark = '';
  return {
    name,
    program: () => {
      mark = `2000.${randomInt(1e9)}`;
      return sh(script(mark));
    },
    reached: async (_answer, { worker }) => {
      let left: readonly number[] = [];
      for (let looks = 0; looks < 10 && left.length === 0; looks += 1) {
        await sleep(100);
        // On a kernel of its own a process goes on as long as that kernel does.
        left = [...findProcesses(mark), ...readDescendants([worker]).filter(isKernel)];
      }
      for (const pid of left) process.kill(pid, 'SIGKILL');
      return left.length > 0;
    },
  };
};

export const processes: readonly Attempt[] = [
  {
    name: 'sees the processes of the machine',
    program: ({ decoy }) => shDoes(`grep -q decoy /proc/${decoy()}/cmdline`),
  },
  {
    name: 'may send signals to a process of the worker',
    program: ({ decoy }) => shDoes(`kill -0 ${decoy()}`),
  },
  {
    name: 'kills a process of the worker',
    prepare: ({ restoreDecoy }) => restoreDecoy(),
    program: ({ decoy }) => sh(`kill -9 ${decoy()}; sleep 0.2`),
    reached: (_answer, { isDecoyAlive }) => !isDecoyAlive(),
  },
  {
    name: 'stops the process that starts sandboxes',
    program: ({ worker }) => shDoes(`kill -0 ${worker} && grep -q starter-process /proc/${worker}/cmdline`),
  },
  {
    name: 'reads the environment of a process of the worker',
    prepare: ({ restoreDecoy }) => restoreDecoy(),
    program: ({ decoy }) => sh(`cat /proc/${decoy()}/environ`),
  },
  {
    name: 'reads the memory of a process of the worker',
    prepare: ({ restoreDecoy }) => restoreDecoy(),
    program: ({ decoy, secret }) =>
      perl(`open M, "<", "/proc/${decoy()}/maps" or exit; open R, "<", "/proc/${decoy()}/mem" or exit;
        while (<M>) { next unless /^([0-9a-f]+)-([0-9a-f]+) rw.*(heap|stack)/; sysseek R, hex $1, 0; sysread R, $b, hex($2) - hex($1);
          $seen = 1 if index($b, "${secret.slice(0, 10)}" . "${secret.slice(10)}") >= 0 } print "${done}" if $seen`),
  },
  {
    name: 'attaches to a process of the worker',
    isAboutHostKernel: true,
    prepare: ({ restoreDecoy }) => restoreDecoy(),
    program: ({ decoy }) => systemCall(denied.ptrace, 0x4206, decoy(), 0, 0),
  },
  {
    name: 'makes a process of the worker slower',
    program: ({ decoy }) => shDoes(`renice -n 15 -p ${decoy()}`),
  },
  {
    name: 'takes the limits of a process of the worker away from it',
    program: ({ decoy }) => shDoes(`prlimit --pid ${decoy()} --nofile=64:64`),
  },
  {
    name: 'ties a process of the worker to one processor',
    program: ({ decoy }) => shDoes(`taskset -p 1 ${decoy()}`),
  },
  {
    name: 'reads the shared memory of System V',
    program: () => perl('$id = shmget(4711, 4096, 0); shmread($id, $seen, 0, 64) and print $seen'),
  },
  survive('goes on in a session of its own', (mark) => `setsid sleep ${mark} > /dev/null 2>&1 &`),
  survive(
    'goes on as a child of nobody',
    (mark) => `(setsid sh -c "sleep ${mark} & sleep ${mark}" > /dev/null 2>&1 &)`,
  ),
  survive('goes on deaf to signals', (mark) => `trap "" HUP INT TERM; nohup sleep ${mark} > /dev/null 2>&1 &`),
  survive('goes on in a pipe that nobody reads', (mark) => `(sleep ${mark} | sleep ${mark}) > /dev/null 2>&1 &`),
];
