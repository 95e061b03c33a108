import { listTouched } from '../gate/list-touched.ts';
import type { Run } from '../model/run.ts';
import { quoteCode } from './quote-inline.ts';

const pathsShown = 10;

/** That nothing was pushed yet, why, and who can say that it may be. */
export function renderHeldBack(run: Run): string {
  const { slash } = run.policy;
  const touched = listTouched(run);
  const paths = touched.slice(0, pathsShown).map((path) => quoteCode(path));
  const more = touched.length > pathsShown ? ` and ${touched.length - pathsShown} more` : '';
  const patch =
    run.verification?.patch === undefined ? '' : ` The patch is kept as artifact \`${run.verification.patch}\`.`;
  const command = `\`/${slash} override protected-paths ${run.verification?.key.head ?? ''} <reason>\``;
  return `**Waiting for a maintainer:** ${paths.join(', ')}${more} ${touched.length === 1 ? 'is a protected path' : 'are protected paths'}, and nothing of it is pushed before that is approved.${patch} A maintainer who did not start the run says ${command}; \`/${slash} deny <reason>\` of a maintainer has it built otherwise, \`/${slash} stop\` ends run ${run.id}.`;
}
