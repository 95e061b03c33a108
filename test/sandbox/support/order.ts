// What a test asks of the process that starts sandboxes for it, and what it gets back: one line of JSON each.
import { z } from 'zod';
import type { ProcessEnd, SandboxCapabilities, SandboxSpec } from '../../../src/engine/port/sandbox.ts';

export type Order =
  /** A process in a sandbox of its own, from create to dispose. */
  | {
      readonly kind: 'inside';
      readonly spec: SandboxSpec;
      readonly argv: readonly string[];
      readonly stdin?: string;
      readonly cwd?: string;
      readonly env?: Readonly<Record<string, string>>;
    }
  /** Several processes, one after the other, in one sandbox. */
  | { readonly kind: 'inside one'; readonly spec: SandboxSpec; readonly commands: readonly (readonly string[])[] }
  /** The same program started by the same process without a sandbox. */
  | { readonly kind: 'outside'; readonly argv: readonly string[]; readonly cwd: string }
  /** Starts a process in a sandbox, answers when it has printed something, and leaves it. */
  | { readonly kind: 'leave'; readonly spec: SandboxSpec; readonly argv: readonly string[] }
  | { readonly kind: 'capabilities' };

const Outcome = z.object({ end: z.custom<ProcessEnd>(), stdout: z.string(), stderr: z.string() });

export const Answer = z.object({
  end: z.custom<ProcessEnd>().optional(),
  stdout: z.string().default(''),
  stderr: z.string().default(''),
  capabilities: z.custom<SandboxCapabilities>().optional(),
  /** Of several processes. */
  answers: z.array(Outcome).optional(),
  /** The message of an error. */
  error: z.string().optional(),
});
export type Answer = z.infer<typeof Answer>;
