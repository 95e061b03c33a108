// What runs first in a container. It says that it is there, waits to be let go, starts the command, and ends when that ends
// or when nobody holds the other end of its leash any more: an engine keeps containers of a worker that was killed.

import { inside } from '../bubblewrap/inside.ts';
import type { LaunchCommand } from '../bubblewrap/launch.ts';

/** Places inside; the folder has nothing else that is not in every sandbox. */
export const startPlaces = {
  script: '/run/gatepilot/start',
  leash: '/run/gatepilot/leash',
  /** Pipes of the command's own user. Those of the engine are root's in some, who is nobody to open them again inside. */
  stdout: '/run/gatepilot/stdout',
  stderr: '/run/gatepilot/stderr',
} as const;

export const letGo = 'go';

/** First process, the reader of the leash, and the shell that it is made of. */
export const startPids = 3;

/** As shells tell the end by SIGKILL. */
export const killedCode = 137;

/** `mark`: what the first process prints when it is there. `env` is complete. */
export function renderStartScript(mark: string, command: LaunchCommand, input: number | undefined): string {
  const env = Object.entries(command.env).map(([name, value]) => `${name}=${value}`);
  const words = ['env', '-i', ...env, ...command.argv].map(quote).join(' ');
  const relayInput = input === undefined ? '' : ` ${input}<${inside.relayInput}`;
  return [
    `echo ${mark} >&2`,
    `exec 3<${startPlaces.leash} 4<&0`,
    'read -r word <&3',
    `[ "$word" = ${letGo} ] || exit ${killedCode}`,
    `trap 'exit ${killedCode}' TERM`,
    `${words} <&4 >${startPlaces.stdout} 2>${startPlaces.stderr} 3<&- 4<&-${relayInput} &`,
    'command=$!',
    '{ read -r word; kill -TERM 1; } <&3 4<&- >/dev/null 2>&1 &',
    'exec 3<&- 4<&- <&-',
    'wait $command',
    '',
  ].join('\n');
}

function quote(word: string): string {
  if (word.includes('\0')) throw new Error('an argument, path or variable of a sandbox holds a NUL byte');
  return `'${word.replaceAll("'", "'\\''")}'`;
}
