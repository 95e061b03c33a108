// What a scripted model says. A scenario names for each role what it does in each attempt, step by step:
//
//   const scenario: Scenario = {
//     planner: [{ attempts: [[{ kind: 'fail', status: 429 }, { kind: 'json', value: plan }]] }],
//     coder: [
//       { when: 'Add slugify', attempts: [
//         [{ kind: 'write', path: 'slugify.js', content: bug }, { kind: 'say', text: 'done' }],
//         [{ kind: 'when', text: 'use NFKD', steps: [{ kind: 'write', path: 'slugify.js', content: fix }] },
//          { kind: 'say', text: 'fixed' }],
//       ] },
//     ],
//   };
//
// A role has one script, or several of which the first whose `when` stands in the prompt is played. The prompt's own
// "ATTEMPT n" (the highest one, counted from 1) chooses the attempt; past the last one, the last is played again.

/** `write` and `bash` are tool calls of an agent; `say` and `json` are answers, which end an agent's turn. */
export type Action =
  /** `path` is relative to the agent's working folder. */
  | { readonly kind: 'write'; readonly path: string; readonly content: string }
  | { readonly kind: 'bash'; readonly command: string }
  | { readonly kind: 'say'; readonly text: string }
  | { readonly kind: 'json'; readonly value: unknown };

/**
 * What goes wrong before the step that follows, `times` times (once when absent) for a run, role, script and attempt; with a
 * model, only where that one is asked.
 */
export type Mishap = { readonly model?: string } & (
  | {
      readonly kind: 'fail';
      readonly status: number;
      readonly message?: string;
      readonly retryAfterSeconds?: number;
      readonly times?: number;
    }
  /** No answer ever. */
  | { readonly kind: 'hang'; readonly times?: number }
  /** The next answer, broken off in the middle of its stream. Needs a client that streams. */
  | { readonly kind: 'cut'; readonly times?: number }
);

export type Step =
  | Action
  | Mishap
  /** Delays the answer to the step that follows. */
  | { readonly kind: 'wait'; readonly ms: number }
  /** Goes one way or the other by what the prompt says: this is how it is proved that a fact reached its reader. */
  | {
      readonly kind: 'when';
      readonly text: string;
      readonly steps: readonly Step[];
      readonly otherwise?: readonly Step[];
    };

interface Script {
  /** Text that the prompt must hold for this script to be the one. */
  readonly when?: string;
  readonly attempts: readonly (readonly Step[])[];
}

export type Scenario = Readonly<Record<string, readonly Script[]>>;

/** A step as it is played: conditions are decided. */
export type PlainStep = Exclude<Step, { kind: 'when' }>;

export interface Part {
  /** Position of the script in its role. */
  readonly script: number;
  readonly steps: readonly PlainStep[];
}

/** What a role does in its attempt, or nothing when the scenario knows no such role or no script for such a prompt. */
export function findPart(scenario: Scenario, role: string, prompt: string, attempt: number): Part | undefined {
  const scripts = Object.hasOwn(scenario, role) ? (scenario[role] ?? []) : [];
  const script = scripts.findIndex(({ when }) => when === undefined || prompt.includes(when));
  const attempts = scripts[script]?.attempts ?? [];
  const steps = attempts[Math.min(Math.max(attempt, 1), attempts.length) - 1];
  return steps && { script, steps: flatten(steps, prompt) };
}

function flatten(steps: readonly Step[], prompt: string): readonly PlainStep[] {
  return steps.flatMap((step) => {
    if (step.kind !== 'when') return [step];
    return flatten(prompt.includes(step.text) ? step.steps : (step.otherwise ?? []), prompt);
  });
}
