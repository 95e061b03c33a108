import type { SubjectRecord } from '../core/model/record.ts';
import type { Run, Task } from '../core/model/run.ts';
import { toOutward } from './to-outward.ts';

type Home = Pick<SubjectRecord, 'repository' | 'number'>;

/** Of the commit that an attempt at a task leaves. */
export function renderCommitMessage(home: Home, run: Run, task: Task): string {
  const title = toOutward(task.title.replace(/\s+/g, ' ').replace(/[@#]/g, '$&\u200b').slice(0, 72));
  return `${title}\n\nTask ${task.key} of run ${run.id} for #${home.number}.\n\n${renderTrailers(home, run)}`;
}

/** Who asked for it, and where people find what became of it. */
export function renderTrailers({ repository: { host, owner, name }, number }: Home, { id, startedBy }: Run): string {
  const { login } = startedBy;
  return [
    `Co-authored-by: ${login} <${startedBy.id}+${login}@users.noreply.github.com>\n`,
    `Gatepilot-Run: ${id} https://${host}/${owner}/${name}/issues/${number}\n`,
  ].join('');
}
