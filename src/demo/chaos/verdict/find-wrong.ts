import type { RepositorySnapshot } from '../../github/state/snapshot.ts';
import type { Finding } from './finding.ts';
import { countRunLabels, isPull, listCommands, listThreads, listTold, readHeadline } from './read-thread.ts';

/** Whatever must never be there: a run that nobody with authority asked for, a merge whose tree is not the verified one. */
export function findWrong(repository: RepositorySnapshot, bot: string): Finding[] {
  return listThreads(repository).flatMap((thread) => {
    const stickies = listTold(thread, bot).filter(({ kind }) => kind === 'sticky');
    const alarms = stickies.map(({ comment }) => readHeadline(comment)).filter((line) => line.startsWith('**ALARM'));
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
