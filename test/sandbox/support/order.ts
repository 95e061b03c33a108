// What a test asks of the process that starts sandboxes for it, and what it gets back: one line of JSON each.
import { z } from 'zod';
import type { ProcessEnd, SandboxSpec } from '../../../src/engine/port/sandbox.ts';

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
  /** The same program started by the same process without a sandbox. */
  | { readonly kind: 'outside'; readonly argv: readonly string[] }
  /** Starts a process in a sandbox, answers when it has printed something, and leaves it. */
  | { readonly kind: 'leave'; readonly spec: SandboxSpec; readonly argv: readonly string[] }
  | { readonly kind: 'capabilities' };

export const Answer = z.object({
  end: z.custom<ProcessEnd>().optional(),
  stdout: z.string().default(''),
  stderr: z.string().default(''),
  capabilities: z.custom<import('../../../src/engine/port/sandbox.ts').SandboxCapabilities>().optional(),
  /** The message of an error. */
  error: z.string().optional(),
});
export type Answer = z.infer<typeof Answer>;
