// What the planner answers, as one schema: it constrains the model, parses its reply and types the rest of the core.
// Only shape and size are checked here; whether tasks fit together is judged by normalisePlan.
import { z } from 'zod';

/** No plan may be larger than this, whatever the configuration says. */
export const MAX_PLAN_TASKS = 30;
export const DEFAULT_MAX_TASKS = 12;
export const MAX_TITLE_CHARS = 120;
export const MAX_PROMPT_CHARS = 20_000;
export const MAX_PATH_CHARS = 300;

export const MAX_KEY_CHARS = 40;

const TaskKey = z
  .string()
  .max(MAX_KEY_CHARS)
  .regex(/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/)
  .describe(
    'Short name of the task, unique in the plan: lower-case words joined by hyphens, for example "parse-config".',
  );

export const TaskRole = z
  .enum(['foundation', 'feature', 'amendment', 'repair'])
  .describe(
    'foundation: lays what several other tasks build on and is merged before any feature starts. ' +
      'feature: ordinary work. amendment: changes exactly one contract file that another task declared. ' +
      'repair: mends something that is broken already.',
  );
export type TaskRole = z.infer<typeof TaskRole>;

const AcceptanceItem = z.strictObject({
  id: z.string().min(1).max(40).describe('Short id, unique within the task, for example "a1".'),
  text: z.string().min(1).max(500).describe('One statement that a reviewer can check by running or reading something.'),
  level: z.enum(['must', 'should']).describe('must: the task fails without it. should: only noted when missing.'),
});

const OwnedPath = z.string().trim().min(1).max(MAX_PATH_CHARS);

export const PlanTask = z.strictObject({
  key: TaskKey,
  title: z.string().trim().min(1).max(MAX_TITLE_CHARS).describe('What the task achieves, in a few words.'),
  prompt: z
    .string()
    .trim()
    .min(1)
    .max(MAX_PROMPT_CHARS)
    .describe('Complete instructions for an agent that sees the repository and nothing else of this plan.'),
  role: TaskRole,
  dependsOn: z
    .array(TaskKey)
    .max(MAX_PLAN_TASKS)
    .describe('Keys of the tasks whose merged result this one needs. Leave empty when it can start at once.'),
  ownedPaths: z
    .array(OwnedPath)
    .max(20)
    .describe(
      'The only places this task may change, as paths relative to the repository: files, folders, or patterns with ' +
        '*, **, ? and {a,b}. Brackets and parentheses are ordinary characters. Tasks whose places overlap never run ' +
        'at the same time, so keep them narrow. Empty means the whole repository.',
    ),
  contracts: z
    .array(OwnedPath)
    .max(20)
    .describe(
      'Foundation tasks only, otherwise empty: the files (no patterns) that other tasks rely on and that nobody else ' +
        'may change, each inside ownedPaths. A foundation names at least one.',
    ),
  acceptance: z.array(AcceptanceItem).min(1).max(20).describe('How a reviewer decides whether the task is done.'),
  workflow: z
    .string()
    .min(1)
    .max(80)
    .optional()
    .describe('Name of one of the workflows, where the task needs another one than the run. Usually left out.'),
});
export type PlanTask = z.infer<typeof PlanTask>;

export const Relation = z.strictObject({
  a: TaskKey,
  b: TaskKey,
  kind: z
    .enum(['independent', 'additive', 'dependent', 'contradictory', 'uncertain'])
    .describe(
      'independent: may run at the same time. additive: both add to the same place. dependent: a needs b merged first. ' +
        'contradictory: the issue asks for both and they exclude each other. uncertain: you cannot tell.',
    ),
  why: z
    .string()
    .max(500)
    .describe('One sentence. For contradictory: quote the sentence that contradicts, since a person has to settle it.'),
});
export type Relation = z.infer<typeof Relation>;

export const Plan = z.strictObject({
  tasks: z
    .array(PlanTask)
    .min(1)
    .max(MAX_PLAN_TASKS)
    .describe('The work. One task is a good plan when the work is one thing; prefer vertical slices to layers.'),
  relations: z
    .array(Relation)
    .max(500)
    .describe('Pairs of tasks whose relation matters. A pair that is not named counts as independent.'),
  notes: z.string().max(4_000).describe('What the reader of the plan needs to know: assumptions, what was left out.'),
});
export type Plan = z.infer<typeof Plan>;
