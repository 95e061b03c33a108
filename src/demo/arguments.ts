import { type KillPlan, parseKillPlan } from './kill/kill-plan.ts';

export interface DemoArguments {
  /** End by itself when the pull request is merged; the exit code says whether it was. */
  readonly once: boolean;
  readonly kill?: KillPlan;
  /** Ports of the pages, 0 for any. */
  readonly verbose: boolean;
}

export const usage = [
  'usage: npm run demo -- [--once] [--kill worker@<n> | --kill worker@write:<n>] [--verbose]',
  '  --once    end when the pull request is merged; exit code 0 if it was',
  '  --kill    kill the worker (SIGKILL) right after its n-th saved decision, or right after its n-th write to GitHub',
  '  --verbose show the logs of web and worker',
].join('\n');

/** A mistake is one sentence and the usage. */
export function parseArguments(args: readonly string[]): DemoArguments | string {
  let once = false;
  let verbose = false;
  let kill: KillPlan | undefined;
  for (let index = 0; index < args.length; index += 1) {
    const arg = args[index];
    if (arg === '--once') once = true;
    else if (arg === '--verbose') verbose = true;
    else if (arg === '--kill') {
      index += 1;
      kill = parseKillPlan(args[index] ?? '');
      if (!kill) return `--kill takes worker@<n> or worker@write:<n>, not "${args[index] ?? ''}".\n${usage}`;
    } else return `"${arg}" is not known.\n${usage}`;
  }
  return kill ? { once, verbose, kill } : { once, verbose };
}
