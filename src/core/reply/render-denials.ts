import type { Denial } from '../model/denial.ts';
import type { Run } from '../model/run.ts';
import { quoteCode, quoteInline, quoteName } from './quote-inline.ts';
import { toPlanId } from './render-awaiting.ts';

const pathsShown = 5;

/** What people did not let through, and why. */
export function renderDenials({ denials = [] }: Pick<Run, 'denials'>): string {
  if (denials.length === 0) return '';
  return `### Denied by people\n\n${denials.map(renderDenial).join('\n')}`;
}

function renderDenial({ by, reason, of }: Denial): string {
  return `- ${renderWhat(of)} by ${quoteName(by)}: ${quoteInline(reason, 300)}`;
}

function renderWhat(of: Denial['of']): string {
  if (of.kind === 'plan') return `Plan \`${toPlanId(of.plan)}\``;
  const more = of.paths.length > pathsShown ? ` and ${of.paths.length - pathsShown} more` : '';
  const paths = of.paths.slice(0, pathsShown).map((path) => quoteCode(path));
  const patch = of.patch === undefined ? '' : ` (kept as artifact \`${of.patch}\`, and never pushed)`;
  return `What was built in ${paths.join(', ')}${more}${patch}`;
}
