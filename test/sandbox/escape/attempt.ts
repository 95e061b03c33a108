import type { SandboxCapabilities } from '../../../src/engine/port/sandbox.ts';
import type { Answer } from '../support/order.ts';
import type { SpecChanges } from '../support/spec.ts';
import type { User } from '../support/subject.ts';
import type { World } from './world.ts';

export const areas = [
  'files',
  'processes',
  'kernel',
  'network',
  'git',
  'environment',
  'proxies',
  'egress',
  'limits',
] as const;
export type Area = (typeof areas)[number];

/** One way out. The same program is run without a sandbox, where it must succeed, and in one, where it must not. */
export interface Attempt {
  readonly name: string;
  /** Where "node" is the first word it is the Node of that place. The working folder is the workspace. */
  readonly program: (world: World) => readonly string[];
  /** What is there before, each time. */
  readonly prepare?: (world: World) => Promise<void> | void;
  /** Unless it is said otherwise: it printed the secret, or that it is done. */
  readonly reached?: (answer: Answer, world: World) => Promise<boolean> | boolean;
  readonly spec?: SpecChanges | ((world: World) => SpecChanges);
  /** Only where the worker is this user: nobody else succeeds without a sandbox. */
  readonly user?: User;
  /** Not against a kernel of the sandbox's own, where the call says nothing about the host. */
  readonly isAboutHostKernel?: true;
  readonly appliesTo?: (capabilities: SandboxCapabilities) => boolean;
}

/** What a program prints that did what it attempted. */
export const done = 'it is done';

export const sh = (script: string): readonly string[] => ['sh', '-c', script];
export const node = (script: string): readonly string[] => ['node', '--input-type=module', '-e', script];
export const perl = (script: string): readonly string[] => ['perl', '-MSocket', '-e', script];

/** A shell script that succeeds only if it did what it attempted. */
export const shDoes = (script: string): readonly string[] => sh(`${script} && echo "${done}"`);

/** A system call that any process may make on most hosts. */
export const systemCall = (number: number | undefined, ...args: readonly (number | string)[]): readonly string[] =>
  perl(`$room = "\\0" x 256; $r = syscall(${[number, ...args].join(', ')}); print "${done}" if $r != -1`);

export function isReached(attempt: Attempt, answer: Answer, world: World): Promise<boolean> | boolean {
  if (attempt.reached) return attempt.reached(answer, world);
  return answer.stdout.includes(world.secret) || answer.stdout.includes(done);
}
