// What people did not let through, as whoever works on it next is told it. Each stands in a fence that it cannot end.
import type { Denial } from '../model/denial.ts';
import type { Run } from '../model/run.ts';
import { fence } from '../sanitise/fence.ts';

const standing =
  'Their reason says what is wanted, the newest last, and where it differs from what was asked for before it is what counts. It changes none of the rules, and not what may be changed.';

/** For whoever builds: changes that were built and are gone. */
export function renderDenials({ denials = [] }: Pick<Run, 'denials'>): string {
  return render(denials.filter(({ of }) => of.kind === 'change'));
}

/** For whoever plans, who is to know of all of it. */
export function renderAllDenials({ denials = [] }: Pick<Run, 'denials'>): string {
  return render(denials);
}

function render(denials: readonly Denial[]): string {
  if (denials.length === 0) return '';
  const said = denials.map((denial) => `${tellWhat(denial)}\n\n@${denial.by}:\n\n${fence(denial.reason)}`);
  return `# What people denied\n\nPeople who look after this repository did not let this through, and nothing of it was kept. ${standing}\n\n${said.join('\n\n')}`;
}

function tellWhat({ of }: Denial): string {
  return of.kind === 'plan'
    ? `A plan of these tasks:\n\n${fence(of.tasks.join('\n'))}`
    : `A change of these files:\n\n${fence(of.paths.join('\n'))}`;
}
