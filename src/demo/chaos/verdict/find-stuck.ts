import type { RepositorySnapshot } from '../../github/state/snapshot.ts';
import type { Finding } from './finding.ts';
import { isAtRest, isOurGate, listThreads, listTold, readHeadline, type ThreadSnapshot } from './read-thread.ts';

/** Whatever still says that it is under way when nothing works any more. */
export function findStuck(repository: RepositorySnapshot, bot: string): Finding[] {
  const checks = repository.checks
    .filter((check) => isOurGate(check, bot) && check.status !== 'completed')
    .map(({ id, headSha, status, title }): Finding => {
      const what = `check ${id} on ${headSha} is ${status}: ${title}`;
      return { kind: 'stuck', where: repository.fullName, what };
    });
  const threads = listThreads(repository).flatMap((thread) =>
    findRestless(thread, bot).map((what): Finding => {
      return { kind: 'stuck', where: `${repository.fullName}#${thread.number}`, what };
    }),
  );
  return [...checks, ...threads];
}

function findRestless(thread: ThreadSnapshot, bot: string): string[] {
  const label = thread.labels.includes('pilot:working') ? ['the thread bears pilot:working'] : [];
  const stickies = listTold(thread, bot).filter(({ kind }) => kind === 'sticky');
  const restless = stickies.flatMap(({ id, comment }) => {
    const headline = readHeadline(comment);
    return isAtRest(headline) || isAlarm(headline) ? [] : [`run ${id} does not rest: ${headline}`];
  });
  return [...label, ...restless];
}

/** Told as wrong, which is worse than stuck. */
function isAlarm(headline: string): boolean {
  return headline.startsWith('**ALARM');
}
