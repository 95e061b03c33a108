import { isLive, type Run, type Task, toPhase } from '../model/run.ts';
import { quoteCode } from '../reply/quote-inline.ts';
import { type Draft, note, settleReceipt } from './draft.ts';
import { applyGoing, planGoing } from './go-on.ts';
import { isUnderWay, readPosition, renderUnknown } from './request-retry.ts';
import { findTask } from './task-state.ts';

interface Skip {
  readonly receiptId: string;
  readonly login: string;
  readonly task: string;
  readonly reason: string;
}

const reasonChars = 300;

/** `/pilot skip`: leaves a task out, and with it what depends on it. Nothing starts by it that would not have anyway. */
export function requestSkip(draft: Draft, { receiptId, login, task: key, reason }: Skip): void {
  const { run } = draft.record;
  const settle = (state: 'done' | 'refused', reply: string) => settleReceipt(draft, receiptId, state, reply);
  if (!run) return settle('refused', 'No run was started here yet.');
  const where = readPosition(run);
  if (typeof where === 'string') return settle('refused', where);
  const task = findTask(run, key);
  if (!task) return settle('refused', renderUnknown(run, key));
  if (task.state.kind === 'skipped') return settle('done', `${quoteCode(key)} is left out already.`);
  if (task.state.kind === 'replaced') return settle('done', `${quoteCode(key)} was replaced by a newer plan already.`);
  if (task.state.kind === 'merged')
    return settle('refused', `${quoteCode(key)} is merged already and cannot be left out any more.`);
  if (task.state.kind === 'reported')
    return settle('refused', `${quoteCode(key)} has reported already and cannot be left out any more.`);
  const { position } = where;
  if (isLive(run) && isUnderWay(task))
    return settle('refused', `${quoteCode(key)} is under way; \`/${run.policy.slash} stop\` ends the whole run.`);
  const skipped = new Map([[key, reason.slice(0, reasonChars)]]);
  const before = new Map(run.tasks.map((other) => [other.key, other.state.kind]));
  const going = planGoing(run, position, { retried: new Set(), skipped, by: login });
  applyGoing(run, going, `@${login}`);
  const others = run.tasks.filter((other) => other.key !== key && isLost(other, before.get(other.key)));
  const also = others.length === 0 ? '' : `, and with it ${others.map((other) => quoteCode(other.key)).join(', ')}`;
  const sentence = `${quoteCode(key)} is left out${also}.`;
  note(draft, 'skip', `@${login}: ${sentence}`);
  const isGoingOn = toPhase(run.state) === 'working' || run.state.kind === 'needs_input';
  settle('done', isGoingOn ? sentence : `${sentence} ${renderNext(run)}`);
}

function isLost({ state }: Task, before: Task['state']['kind'] | undefined): boolean {
  return state.kind !== before && (state.kind === 'skipped' || state.kind === 'blocked');
}

function renderNext(run: Run): string {
  return `\`/${run.policy.slash} resume\` goes on with what is left.`;
}
