// What an agent is told about asking people, and what came of what was asked for its task before.
import type { Question } from '../model/question.ts';
import type { Run, Task } from '../model/run.ts';
import { listSettledQuestions, mayAsk } from '../question/list-questions.ts';
import { questionLabel } from '../question/parse-question.ts';
import { fence } from '../sanitise/fence.ts';

export function renderAnswers(run: Run, task: Task): string {
  const settled = listSettledQuestions(run, task.key).map(renderSettled);
  if (settled.length === 0) return '';
  return `# What was asked before\n\nAn earlier attempt at this task asked people, and left nothing else behind.\n\n${settled.join('\n\n')}`;
}

function renderSettled({ text, otherwise, end }: Question): string {
  const asked = `The question:\n\n${fence(text)}`;
  if (end?.kind === 'answered') return `${asked}\n\n@${end.by}, who may decide that, answered:\n\n${fence(end.text)}`;
  if (otherwise === undefined) return `${asked}\n\nNobody answered in time.`;
  return `${asked}\n\nNobody answered in time. Go on with what was said to be done then:\n\n${fence(otherwise)}`;
}

export function renderAsking(run: Run, task: Task): string {
  if (!mayAsk(run, task.key))
    return 'You cannot ask anybody anything: decide what is open by yourself, and say how you did.';
  const example = JSON.stringify({
    question: 'What has to be known.',
    otherwise: 'What you would do without an answer.',
  });
  return [
    'Where the task leaves open what only people can decide, you may ask them instead of guessing. Do so before you change',
    'anything: the attempt ends with the question, its changes are dropped, and another one starts with the answer. To ask,',
    'end your last answer with exactly such a block, and write nothing after it:',
    '',
    `\`\`\`${questionLabel}\n${example}\n\`\`\``,
    '',
    'Leave "otherwise" out if nothing sensible can be done without an answer.',
  ].join('\n');
}
