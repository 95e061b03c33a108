import { gradeTask } from '../acceptance/grade-task.ts';
import type { Run, Task } from '../model/run.ts';

/** How well it is shown to be done, behind what else is told of a task. */
export function renderGrade(run: Run, task: Task): string {
  const graded = gradeTask(run, task);
  if (!graded) return '';
  const { grade, why } = graded;
  return ` · grade ${grade}${why.length > 0 ? ` (${why.join(', ')})` : ''}`;
}
