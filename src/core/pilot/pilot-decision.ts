// What the pilot answers at a batch boundary. The schema checks shape and keeps sizes sane; whether the decision may be
// carried out is judged by applyDecision, whose sentences tell the model more than a schema error would.
import { z } from 'zod';

const Key = z.string().min(1).max(80).describe('Key of a task, exactly as listed.');
const Text = z.string().min(1).max(4_000);

const FailureCause = z
  .enum(['environment', 'code', 'spec_ambiguity', 'infrastructure', 'dependency'])
  .describe(
    'environment: tools, versions or settings are not what the task assumed. code: the change is wrong. ' +
      'spec_ambiguity: the task text contradicts the repository or itself. ' +
      'infrastructure: a timeout, an outage, a limit. dependency: something it builds on is missing or broken.',
  );

const StrategyAction = z
  .enum(['retry', 'retry_different', 'skip'])
  .describe(
    'retry: once more, unchanged; right for infrastructure. retry_different: once more with your guidance. ' +
      'skip: give the task up.',
  );

export const PilotDecision = z.strictObject({
  failureAnalysis: z
    .array(
      z.strictObject({
        task: Key,
        cause: FailureCause,
        why: Text.describe('What the evidence shows, in one or two sentences.'),
      }),
    )
    .max(60)
    .describe('One entry for each task that failed or was rolled back.'),
  strategies: z
    .array(
      z.strictObject({
        task: Key,
        action: StrategyAction,
        guidance: z
          .string()
          .max(20_000)
          .optional()
          .describe(
            'For the agent of this task only, at most 2000 characters; needed for retry_different. The agent also ' +
              'sees its own failure in full, so say what to do otherwise and do not repeat the log.',
          ),
        reason: Text.describe('Why, in one sentence, for the people who read the run.'),
      }),
    )
    .max(60)
    .describe('At most one entry for a task. A failed task runs again only with a retry here and a place in batches.'),
  routedContext: z
    .array(
      z.strictObject({
        to: Key,
        fact: Text.describe('One fact that this task needs and cannot know, at most 500 characters.'),
        from: Key.optional().describe('The task whose result shows the fact.'),
      }),
    )
    .max(60)
    .describe('At most 10 facts for tasks that will still run.'),
  skip: z
    .array(z.strictObject({ task: Key, reason: Text.describe('Why the task is not worth running any more.') }))
    .max(60)
    .describe('Tasks not to run at all. Be sparing: what depends on them is skipped as well.'),
  learnings: z
    .array(Text)
    .max(60)
    .describe('At most 5 facts about the repository, each at most 500 characters, that a later run could use.'),
  observed: z
    .array(
      z.strictObject({
        text: Text.describe('The fact, at most 500 characters.'),
        task: Key.describe('The task whose log shows it.'),
        quote: Text.describe('The words of that log that show it, exactly as they stand there, 20 to 300 characters.'),
      }),
    )
    .max(60)
    .optional()
    .describe('Facts about the repository that the output of a command shows; other tasks are told. At most 5.'),
  batches: z
    .array(z.array(Key).max(60))
    .max(60)
    .describe(
      'The new order: every rolled back, remaining and retried task exactly once, without the skipped ones. A task ' +
        'stands in a later batch than what it depends on; tasks with overlapping paths stand in different batches.',
    ),
  verdict: z
    .enum(['continue', 'replan', 'abort'])
    .describe('continue: go on as decided. replan: the plan itself is wrong. abort: nothing useful is left to do.'),
  verdictReason: Text.describe('Why, in one sentence.'),
});
export type PilotDecision = z.infer<typeof PilotDecision>;
