// What people shape the bot with: Markdown files whose front matter is one of these schemas and whose body is text for a
// model. Keys are checked here; whether the names in them lead anywhere is judged by openCatalog.
import { z } from 'zod';
import { Domains } from '../policy/policy-value.ts';

export const resourceKinds = ['agent', 'workflow', 'skill'] as const;
export type ResourceKind = (typeof resourceKinds)[number];

/** Strongest first: a repository cannot take a name that the product or the operator gave something. */
export const resourceSources = ['operator', 'built-in', 'repository'] as const;
export type ResourceSource = (typeof resourceSources)[number];

/** One file as it was found. `path` is relative to the folder of its source, such as `agents/explorer.md`. */
export interface ResourceFile {
  readonly source: ResourceSource;
  readonly path: string;
  readonly text: string;
}

/** Of one file, and of all files of a repository: what is over is not read. */
export const maxResourceChars = 65_536;
export const maxRepositoryResources = 60;

const nameRule = 'a name of lower-case words joined by hyphens, at most 40 characters';
const Name = z
  .string()
  .max(40, nameRule)
  .regex(/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/, nameRule);
const Description = z.string().trim().min(1).max(300);
const Model = z.string().trim().min(1).max(100);
const Names = z.array(Name).max(12);

const about = { name: Name.optional(), description: Description, enabled: z.boolean().default(true) };

export const AgentLimits = z.strictObject({
  turns: z.number().int().min(1).max(1_000).optional(),
  minutes: z.number().int().min(1).max(480).optional(),
  usd: z.number().min(0.01).max(1_000).optional(),
});

export const AgentMatter = z.strictObject({
  ...about,
  driver: Model.optional(),
  model: Model.optional(),
  fallbacks: z.array(Model).max(10).optional(),
  thinking: z.enum(['off', 'low', 'medium', 'high']).optional(),
  tools: z.array(z.string().trim().min(1).max(60)).max(40).optional(),
  /** Without it, an agent only reads. */
  permission: z.enum(['read', 'write']).default('read'),
  skills: Names.default([]),
  limits: AgentLimits.default({}),
  /** Of what the settings of the repository let agents reach; all of that where it is absent. */
  network: Domains.optional(),
});

export const StepMatter = z.strictObject({
  id: Name,
  /** The agent that does it. Absent where `verify` has the commands of the policy run instead. */
  role: Name.optional(),
  verify: z.boolean().default(false),
  /** Absent: the step, or the steps of the parallel group, right before it. */
  dependsOn: Names.optional(),
  /** Neighbours of one group run at the same time. */
  parallel: Name.optional(),
  /** The name of its answer; the step's id when absent. */
  output: Name.optional(),
  /** Answers that it is shown; all that stand before it when absent. */
  reads: Names.optional(),
  model: Model.optional(),
  skills: Names.default([]),
});
export type StepMatter = z.infer<typeof StepMatter>;

const Trigger = z.string().trim().min(2).max(60);
export const TriggerMatter = z.strictObject({
  labels: z.array(Trigger).max(20).default([]),
  words: z.array(Trigger).max(40).default([]),
});

export const WorkflowMatter = z.strictObject({
  ...about,
  triggers: TriggerMatter.prefault({}),
  workspace: z.enum(['single', 'worktree']).default('single'),
  concurrency: z.number().int().min(1).max(4).default(2),
  /** `required`: a person approves the plan before anything is written. */
  approval: z.enum(['never', 'required']).default('never'),
  steps: z.array(StepMatter).min(1).max(12),
});

export const SkillMatter = z.strictObject(about);

export const matters = { agent: AgentMatter, workflow: WorkflowMatter, skill: SkillMatter } as const;

interface Named {
  readonly name: string;
  readonly body: string;
}
export type Agent = z.infer<typeof AgentMatter> & Named;
export type Workflow = z.infer<typeof WorkflowMatter> & Named;
export type Skill = z.infer<typeof SkillMatter> & Named;

/** Where `body` begins in the file, 1-based: mistakes in it are told with their line. */
export interface Placed {
  readonly bodyLine: number;
  /** The line of a value of the front matter. */
  readonly lineOf: (path: readonly (string | number)[], at?: 'key' | 'value') => number;
}

export type Resource = Placed &
  (
    | { readonly kind: 'agent'; readonly value: Agent }
    | { readonly kind: 'workflow'; readonly value: Workflow }
    | { readonly kind: 'skill'; readonly value: Skill }
  );
