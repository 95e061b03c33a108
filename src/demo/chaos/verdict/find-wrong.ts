import type { RepositorySnapshot } from '../../github/state/snapshot.ts';
import type { Finding } from './finding.ts';
import { countRunLabels, isPull, listCommands, listThreads, listTold, readHeadline } from './read-thread.ts';

/** Whatever must never be there: a run that nobody with authority asked for, a merge whose tree is not the verified one. */
export function findWrong(repository: RepositorySnapshot, bot: string): Finding[] {
  return listThreads(repository).flatMap((thread) => {
    const stickies = listTold(thread, bot).filter(({ kind }) => kind === 'sticky');
    const alarms = stickies
      .filter(({ comment }) => !isMergedByHand(repository, comment.body, bot))
      .map(({ comment }) => readHeadline(comment))
      .filter((line) => line.startsWith('**ALARM'));
    const isAsked =
      isPull(thread) ||
      countRunLabels(repository, thread) > 0 ||
      listCommands(repository, thread).some(({ verb }) => verb === 'run');
    const unasked = stickies.length > 0 && !isAsked ? ['a run was started that nobody with authority asked for'] : [];
    return [...alarms, ...unasked].map((what): Finding => {
      return { kind: 'wrong', where: `${repository.fullName}#${thread.number}`, what };
    });
  });
}

/** A person's merge may meet a base that moved since: that it is told is right. Ours may never. */
function isMergedByHand({ pulls }: RepositorySnapshot, body: string, bot: string): boolean {
  const [, number] = /pull request #(\d+)/.exec(body) ?? [];
  const merged = pulls.find((pull) => pull.number === Number(number))?.merged;
  return merged !== null && merged !== undefined && merged.by !== bot;
}
