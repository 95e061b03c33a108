import { type KillPlan, parseKillPlan } from './kill/kill-plan.ts';

export interface DemoArguments {
  /** End by itself when the pull request is merged; the exit code says whether it was. */
  readonly once: boolean;
  readonly kill?: KillPlan;
  /** A real model, and what may be spent on it in US dollars. */
  readonly live?: { readonly budgetUsd: number };
  readonly verbose: boolean;
}

const usualBudgetUsd = 5;

export const usage = [
  'usage: npm run demo -- [--once] [--live [--budget <usd>]] [--kill worker@<n> | --kill worker@write:<n>] [--verbose]',
  '  --once    end when the pull request is merged; exit code 0 if it was',
  '  --live    with the model and the agents of your own environment or .env (MODEL_API_KEY and what belongs to it)',
  `  --budget  what --live may spend in a day, in US dollars: ${usualBudgetUsd}, where it is not said`,
  '  --kill    kill the worker (SIGKILL) right after its n-th saved decision, or right after its n-th write to GitHub',
  '  --verbose show the logs of web and worker',
].join('\n');

/** A mistake is one sentence and the usage. */
export function parseArguments(args: readonly string[]): DemoArguments | string {
  let once = false;
  let verbose = false;
  let isLive = false;
  let budgetUsd: number | undefined;
  let kill: KillPlan | undefined;
  for (let index = 0; index < args.length; index += 1) {
    const arg = args[index];
    if (arg === '--once') once = true;
    else if (arg === '--verbose') verbose = true;
    else if (arg === '--live') isLive = true;
    else if (arg === '--budget') {
      index += 1;
      budgetUsd = parseDollars(args[index] ?? '');
      if (budgetUsd === undefined)
        return `--budget takes US dollars such as 2 or 7.50, not "${args[index] ?? ''}".\n${usage}`;
    } else if (arg === '--kill') {
      index += 1;
      kill = parseKillPlan(args[index] ?? '');
      if (!kill) return `--kill takes worker@<n> or worker@write:<n>, not "${args[index] ?? ''}".\n${usage}`;
    } else return `"${arg}" is not known.\n${usage}`;
  }
  if (budgetUsd !== undefined && !isLive) return `--budget is for --live: the script costs nothing.\n${usage}`;
  const live = isLive ? { live: { budgetUsd: budgetUsd ?? usualBudgetUsd } } : {};
  return { once, verbose, ...live, ...(kill ? { kill } : {}) };
}

function parseDollars(text: string): number | undefined {
  const dollars = /^\d{1,4}(\.\d{1,2})?$/.test(text) ? Number(text) : 0;
  return dollars > 0 ? dollars : undefined;
}
