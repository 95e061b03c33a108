import { z } from 'zod';

/** GitHub's own App, which runs the workflows of repositories: a suite of checks of its is one run of a workflow. */
export const workflowsApp = 'github-actions';

/** What others were to run for a commit and what waits for somebody to let it. */
export const HeldCi = z.object({
  /** Names of the Apps whose checks wait, that of the repository's own workflows among them. */
  apps: z.array(z.string()),
  /** How many runs of the repository's own workflows wait. */
  runs: z.number().int().nonnegative(),
});
export type HeldCi = z.infer<typeof HeldCi>;
