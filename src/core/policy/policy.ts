// What a repository decides about the bot, in .github/gatepilot.yml. Keys are named as in the file. Everything has a
// default, so that an empty file and no file are the same; the descriptions are published with the JSON Schema.
import { z } from 'zod';
import { ReviewFocus, reviewFocuses } from '../model/review.ts';
import { BaseTestsPolicy, CheckPolicy } from '../model/weakening.ts';
import { Schedules } from '../schedule/schedule.ts';
import { listNamedPaths, namedAtMost } from '../setup/list-deciding-files.ts';
import { Chain, Domains, minutes, PathPatterns, RepositoryPath, ShellCommands, usd } from './policy-value.ts';

const Mode = z.strictObject({
  plan_approval: z
    .enum(['never', 'required'])
    .default('never')
    .describe('required: a run posts its plan and waits for a person to approve exactly that plan.'),
  draft_prs: z.boolean().default(false).describe('Whether pull requests open as drafts until their gate is open.'),
});

const Verify = z.strictObject({
  commands: ShellCommands.default([]).describe(
    'Commands that decide whether a change is good, each a line for a shell inside the sandbox. All must exit with 0.',
  ),
  timeout_minutes: minutes(240).default(20).describe('Time limit of each command.'),
  baseline: z
    .boolean()
    .default(true)
    .describe(
      'Whether the commands have to pass on the base before any agent starts. Set it to false to have a broken base mended.',
    ),
});

const Setup = z.strictObject({
  commands: ShellCommands.refine((commands) => listNamedPaths(commands).isWhole, {
    error: `at most ${namedAtMost} words that may be files or folders, in all commands together (what needs more can be a script that is named)`,
  })
    .default([])
    .describe(
      'Commands that prepare dependencies, run on the base branch only; what they leave in `$GATEPILOT_DEPS` is there, read-only, for agents and verify commands. Without any, the usual lock files say what to do.',
    ),
  timeout_minutes: minutes(120).default(15).describe('Time limit of all of them together.'),
  network: Domains.default([]).describe(
    'Hosts that these commands may reach, such as a package registry, within what the operator permits. Empty, and without commands: the usual registry of each lock file.',
  ),
  image: z
    .string()
    .min(1)
    .max(300)
    .optional()
    .describe(
      'Container image that agents and commands work in, of those that the operator offers (`GATEPILOT_OCI_IMAGES`). It is a sandbox of the kind `oci`; nothing is pulled.',
    ),
});

const Sandbox = z.strictObject({
  provider: z
    .enum(['auto', 'bubblewrap', 'oci', 'gvisor', 'microvm', 'none'])
    .default('auto')
    .describe('What isolates agents and commands. "none" is refused unless the operator allows it too.'),
  network: Domains.default([]).describe(
    'Hosts that agents may reach besides their model, by HTTPS, within what the operator permits; `*.` before a name is every host below it. Verify commands reach nothing.',
  ),
  memory_mb: z.number().int().min(256).max(262_144).default(4_096).describe('Memory of one sandbox.'),
  disk_mb: z.number().int().min(256).max(1_048_576).default(8_192).describe('Size of one workspace.'),
  processes: z
    .number()
    .int()
    .min(16)
    .max(32_768)
    .default(512)
    .describe('Processes and threads of one sandbox at a time.'),
  cpu_minutes: minutes(10_000).default(240).describe('Processor time of one sandbox.'),
});

const Agents = z.strictObject({
  chain: Chain.default([]).describe(
    'Coding agents in the order in which they are tried: the next one when an agent or its model is away. Empty: the usual one of the operator.',
  ),
  timeout_minutes: minutes(480).default(30).describe('Time limit of one attempt at a task.'),
  max_turns: z
    .number()
    .int()
    .min(1)
    .max(500)
    .optional()
    .describe('Answers of the model in one attempt, after which the agent is asked to finish.'),
  grace_turns: z
    .number()
    .int()
    .min(0)
    .max(50)
    .default(2)
    .describe('Answers that it gets to do so. Then it is ended, and what it has built until then is judged as it is.'),
  idle_minutes: minutes(120).default(10).describe('How long an agent may give no sign of life.'),
});

const Questions = z.strictObject({
  timeout_minutes: minutes(43_200)
    .default(1_440)
    .describe('How long people may take to answer. Then the task goes on with what its agent said, or is given up.'),
  per_run: z
    .number()
    .int()
    .min(0)
    .max(30)
    .default(6)
    .describe('How many questions the agents of one run may ask, of which each task two; 0: none.'),
});

const models = Chain.default([]);
const Models = z.strictObject({
  agent: models.describe(
    'Models for coding agents in the order in which they are tried: the next one when one is away or overloaded. Empty: the usual one of the operator, as for the others.',
  ),
  planner: models.describe('Models that turn an issue into tasks.'),
  pilot: models.describe('Models that decide at batch boundaries.'),
  reviewer: models.describe(
    'Models that say whether a batch meets its acceptance items, and that review what was built.',
  ),
});

const Pilot = z.strictObject({
  enabled: z
    .boolean()
    .default(true)
    .describe('Whether a model decides what to do after a batch in which something failed.'),
  max_skip_ratio: z.number().min(0).max(1).default(0.5).describe('How much of a run it may skip, from 0 to 1.'),
  timeout_seconds: z.number().int().min(10).max(1_800).default(180).describe('Time limit of one decision.'),
});

const Acceptance = z.strictObject({
  enabled: z
    .boolean()
    .default(true)
    .describe(
      'Whether a reviewer has to show, with evidence that is looked at, that a batch meets its acceptance items before it lands.',
    ),
  timeout_seconds: z
    .number()
    .int()
    .min(10)
    .max(1_800)
    .default(300)
    .describe('Time limit of one answer of such a review; a batch with many items is reviewed in parts.'),
});

const Review = z.strictObject({
  enabled: z.boolean().default(true).describe('Whether the work of agents is reviewed before it is offered.'),
  drafts: z
    .boolean()
    .default(true)
    .describe(
      'Whether drafts that people open may be reviewed too. false: a review of one is refused, and its gate waits, until it is ready for review.',
    ),
  reviewers: z
    .array(ReviewFocus)
    .min(1)
    .max(reviewFocuses.length)
    .default([...reviewFocuses])
    .describe('What reviewers look at.'),
  blocking: z
    .array(z.enum(['critical', 'major', 'minor']))
    .max(3)
    .default(['critical', 'major'])
    .describe('Severities of confirmed findings that close the gate.'),
  full_paths: PathPatterns.default([]).describe('Changes here are always reviewed in full.'),
  max_inline: z
    .number()
    .int()
    .min(0)
    .max(6)
    .default(6)
    .describe('How many findings are posted as comments in the diff.'),
  fix_rounds: z
    .number()
    .int()
    .min(0)
    .max(5)
    .default(0)
    .describe(
      'How many times a run has an agent work on confirmed findings that block, by itself and for as long as each time fewer are left. 0: only where somebody asks for it with `fix` or the button.',
    ),
});

const Gate = z.strictObject({
  protected_paths: PathPatterns.default(['.github/**', '.gatepilot/**']).describe(
    'Changes here need the approval of a maintainer.',
  ),
  weakened_checks: CheckPolicy.default('ask').describe(
    'What becomes of a change that takes something from what checks it: tests removed, skipped or saying less, fewer that pass than on the base, thresholds lowered, pipelines or verify scripts changed. show: it is told. ask: a maintainer has to let it through. block: the gate stays shut until it is changed.',
  ),
  base_tests: BaseTestsPolicy.default('show').describe(
    'Whether a change that touches tests is verified once more with the tests and test settings of the base, and what becomes of it where those fail, could not be run, or fewer of them pass than on the base alone. It is evidence: tests may have to change, and code under test can pretend. off: it is not done.',
  ),
  base_moved: z
    .enum(['verify', 'update', 'keep'])
    .default('verify')
    .describe(
      'What happens to a verified pull request of a run when its base branch moves. verify: what a merge would give now is verified anew. update: the base is merged into its branch first, as `rebase` does, with an agent for what conflicts. keep: the verdict stands, and says for which base.',
    ),
  strict: z
    .boolean()
    .default(false)
    .describe(
      'Whether a moved base has everything judged anew, the review too, also where it moved in other files, and merges of the bot are made only where a ruleset of the base branch asks for branches that are up to date; a merge queue is left to people. Classic branch protection does not count, since the App may not read it.',
    ),
  other_prs: z
    .enum(['observe', 'review'])
    .default('observe')
    .describe(
      'Pull requests that no run made. observe: the gate lets them pass. review: it lets those pass of which a review without further words (`/pilot review`) has read exactly the head and found nothing that blocks. That verifies nothing.',
    ),
  auto_merge: z
    .boolean()
    .default(false)
    .describe(
      'Whether a run merges by itself once its gate is open, in the name of whoever started it. Where the rules of GitHub want more, it is tried again with the next verdict.',
    ),
  merge_method: z.enum(['merge', 'squash', 'rebase']).default('merge').describe('How the bot merges.'),
});

const Budget = z.strictObject({
  run_usd: usd(10_000).default(10).describe('What one run may cost.'),
  day_usd: usd(100_000).default(100).describe('What all runs of this repository may cost in one day (UTC).'),
  repository_usd: usd(1_000_000)
    .optional()
    .describe('What all runs of this repository may cost in one calendar month (UTC), from when this is set.'),
  run_minutes: minutes(10_080).default(480).describe('How long one run may work.'),
  run_tokens: z.number().int().min(1_000).optional().describe('How many tokens one run may use, in and out.'),
  run_attempts: z
    .number()
    .int()
    .min(1)
    .max(1_000)
    .optional()
    .describe('How many attempts one run may make at all of its tasks together.'),
});

const Labels = z.strictObject({
  prefix: z
    .string()
    .regex(/^[a-z0-9][a-z0-9_-]{0,29}$/i, 'letters, digits, "-" and "_", at most 30')
    .default('pilot')
    .describe(
      'What stands before the colon of every label of the bot, in the place of `pilot`, so that two bots can share a repository.',
    ),
  state: z
    .boolean()
    .default(true)
    .describe(
      'Whether the state of a run is shown as a label on its issue, with the usual prefix: `pilot:queued` (others are merged before it), `pilot:working`, `pilot:needs-input`, `pilot:ready`, `pilot:failed` or `pilot:stopped`. They say how things stand and command nothing.',
    ),
});

const Command = z.strictObject({
  slash: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,29}$/i, 'one word of letters, digits and "-", without the slash')
    .default('pilot')
    .describe('The word after the slash of a command, so that two bots can share a repository.'),
  bots: z
    .array(z.string().regex(/^[a-z0-9][a-z0-9-]{0,38}(?:\[bot\])?$/i, 'the login of a bot'))
    .max(20)
    .default([])
    .describe(
      'Bots whose comments may hold commands that start or show work; never more than five in an hour without a person.',
    ),
});

const Publish = z.strictObject({
  push: z
    .enum(['after_review', 'after_verify'])
    .default('after_review')
    .describe("When a branch is pushed first. A push starts the repository's own automation, with its secrets."),
});

const Notes = z.strictObject({
  file: RepositoryPath.optional().describe('A file about the repository that planner, pilot and agents are shown.'),
  propose: z
    .boolean()
    .default(true)
    .describe(
      'Whether the bot opens a pull request that adds to this file what merged runs observed. Nothing but a person merges it.',
    ),
});

/** The sections and their schemas, for looking up what a key may be called. */
export const policySections = {
  mode: Mode,
  verify: Verify,
  setup: Setup,
  sandbox: Sandbox,
  agents: Agents,
  questions: Questions,
  models: Models,
  pilot: Pilot,
  acceptance: Acceptance,
  review: Review,
  gate: Gate,
  budget: Budget,
  labels: Labels,
  command: Command,
  publish: Publish,
  notes: Notes,
} as const;

export const Policy = z
  .strictObject({
    mode: Mode.prefault({}).describe('How runs are started and offered.'),
    verify: Verify.prefault({}).describe('What decides whether a change is good.'),
    setup: Setup.prefault({}).describe('What has to be there before anything can be verified.'),
    sandbox: Sandbox.prefault({}).describe('Where agents and commands run.'),
    agents: Agents.prefault({}).describe('Who writes the code.'),
    questions: Questions.prefault({}).describe('What agents may ask people.'),
    models: Models.prefault({}).describe('Which models are asked, by role, each with its replacements.'),
    pilot: Pilot.prefault({}).describe('Who decides when something failed.'),
    acceptance: Acceptance.prefault({}).describe('Who says that a task is done.'),
    review: Review.prefault({}).describe('What is looked at, and what blocks.'),
    gate: Gate.prefault({}).describe('What has to hold before a merge.'),
    budget: Budget.prefault({}).describe('What runs may cost, in US dollars, time and tokens.'),
    labels: Labels.prefault({}).describe('How the labels of the bot are called.'),
    command: Command.prefault({}).describe('How the bot is spoken to.'),
    publish: Publish.prefault({}).describe('When work leaves the sandbox.'),
    notes: Notes.prefault({}).describe('What every run should know.'),
    max_attempts: z
      .number()
      .int()
      .min(1)
      .max(10)
      .default(3)
      .describe('Attempts at one task, of whatever kind, in total.'),
    max_runs: z
      .number()
      .int()
      .min(1)
      .max(1_000)
      .optional()
      .describe('Runs of this repository that may be at work at a time; the operator may allow fewer, never more.'),
    max_tasks: z.number().int().min(1).max(30).default(12).describe('Tasks of one plan.'),
    schedule: Schedules.default([]).describe('What is started by time, each on an issue that the bot opens for it.'),
  })
  .superRefine(({ setup, sandbox }, { addIssue }) => {
    if (setup.image === undefined || sandbox.provider === 'auto' || sandbox.provider === 'oci') return;
    const message = `nothing, since \`sandbox.provider: ${sandbox.provider}\` runs no containers (take \`oci\`, or leave it out)`;
    addIssue({ code: 'custom', path: ['setup', 'image'], message });
  });
/** The settings in force: every key that has a default is present. */
export type Policy = z.infer<typeof Policy>;
