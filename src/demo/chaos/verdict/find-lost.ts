import type { PullSnapshot, RepositorySnapshot } from '../../github/state/snapshot.ts';
import type { Finding } from './finding.ts';
import {
  type Command,
  countRunLabels,
  isOurGate,
  isPull,
  listCommands,
  listReactions,
  listThreads,
  listTold,
  runLabel,
  type ThreadSnapshot,
} from './read-thread.ts';

const terminal = ['+1', 'confused'];

/** Whatever somebody with authority asked for and GitHub shows no end of. */
export function findLost(repository: RepositorySnapshot, bot: string): Finding[] {
  return listThreads(repository).flatMap((thread) => {
    const lost = [
      ...listCommands(repository, thread).flatMap((command) => findUnanswered(thread, command, bot)),
      ...findUntakenLabel(repository, thread, bot),
      ...(isPull(thread) ? findUncheckedHead(thread, bot) : []),
    ];
    return lost.map((what): Finding => ({ kind: 'lost', where: `${repository.fullName}#${thread.number}`, what }));
  });
}

function findUnanswered(thread: ThreadSnapshot, { comment, verb }: Command, bot: string): string[] {
  const reactions = listReactions(comment, bot);
  const said = `"/pilot ${verb}" by @${comment.author} (comment ${comment.id})`;
  if (!reactions.some((content) => terminal.includes(content)))
    return [`${said} has no terminal reaction, only ${JSON.stringify(reactions)}`];
  const isReplied = listTold(thread, bot).some(({ kind, id }) => kind === 'reply' && id === String(comment.id));
  if (verb === 'status' && !isReplied) return [`${said} has no reply`];
  const isMerged = isPull(thread) && thread.merged !== null;
  if (verb === 'merge' && reactions.includes('+1') && !isMerged) return [`${said} is said to be done and is not`];
  return [];
}

/** A label that was taken is off again, and what came of it is told in a comment. */
function findUntakenLabel(repository: RepositorySnapshot, thread: ThreadSnapshot, bot: string): string[] {
  const count = countRunLabels(repository, thread);
  if (count === 0) return [];
  if (thread.labels.includes(runLabel)) return [`the label ${runLabel} was never taken`];
  const told = listTold(thread, bot);
  const replies = told.filter(({ kind, id }) => kind === 'reply' && id.startsWith('label')).length;
  const isShown = told.some(({ kind }) => kind === 'sticky') || replies >= count;
  return isShown ? [] : [`the label ${runLabel} was put on ${count} times, and nothing tells what came of it`];
}

/** Every head that could be merged has been judged, whoever pushed it. */
function findUncheckedHead({ state, headSha, checks }: PullSnapshot, bot: string): string[] {
  if (state !== 'open' || checks.some((check) => isOurGate(check, bot))) return [];
  return [`the head ${headSha} was never judged: it has no check of ours`];
}
