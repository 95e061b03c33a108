import type { RepositorySnapshot } from '../../github/state/snapshot.ts';
import type { Finding } from './finding.ts';
import {
  countRunLabels,
  isOurGate,
  isPull,
  listCommands,
  listReactions,
  listThreads,
  listTold,
  type ThreadSnapshot,
} from './read-thread.ts';

/** Whatever must be there once and is there twice. */
export function findDoubled(repository: RepositorySnapshot, bot: string): Finding[] {
  const on = (number: number) => `${repository.fullName}#${number}`;
  const inThreads = listThreads(repository).flatMap((thread) =>
    [
      ...findTwins(listTold(thread, bot).map(({ kind, id }) => `the ${kind} comment ${id}`)),
      ...listThreadReactions(thread, bot),
      ...findTwins(thread.events.filter(({ kind }) => kind === 'merged').map(() => 'the merge')),
      ...findStateLabels(thread),
      ...(isPull(thread) ? [] : findRunsNobodyAskedFor(repository, thread, bot)),
    ].map((what): Finding => ({ kind: 'doubled', where: on(thread.number), what })),
  );
  const inAll = [...findTwinPulls(repository, bot), ...findTwinChecks(repository, bot)];
  return [...inThreads, ...inAll.map((what): Finding => ({ kind: 'doubled', where: repository.fullName, what }))];
}

/** Every text that stands in the list more than once. */
function findTwins(texts: readonly string[]): string[] {
  return [...new Set(texts)].flatMap((text) => {
    const count = texts.filter((other) => other === text).length;
    return count > 1 ? [`${text} is there ${count} times`] : [];
  });
}

function listThreadReactions({ comments }: ThreadSnapshot, bot: string): string[] {
  return comments.flatMap((comment) => {
    const reactions = listReactions(comment, bot);
    return reactions.length > 1 ? [`comment ${comment.id} bears ${reactions.join(' and ')}`] : [];
  });
}

const stateLabel = /^pilot:(?!run$)/;

function findStateLabels({ labels }: ThreadSnapshot): string[] {
  const found = labels.filter((label) => stateLabel.test(label));
  return found.length > 1 ? [`the thread bears ${found.join(' and ')}`] : [];
}

/** One label or command starts one run at most. */
function findRunsNobodyAskedFor(repository: RepositorySnapshot, issue: ThreadSnapshot, bot: string): string[] {
  const runs = new Set(listTold(issue, bot).flatMap(({ kind, id }) => (kind === 'sticky' ? [id] : [])));
  const commands = listCommands(repository, issue).filter(({ verb }) => verb === 'run').length;
  const asked = commands + countRunLabels(repository, issue);
  // One that a stranger asked for is wrong altogether, and told as such.
  return asked > 0 && runs.size > asked ? [`${runs.size} runs were started, and ${asked} were asked for`] : [];
}

/** A run has one pull request, and an issue at most one that is open. */
function findTwinPulls({ pulls }: RepositorySnapshot, bot: string): string[] {
  const ours = pulls.filter(({ author }) => author === bot);
  const open = ours.filter(({ state }) => state === 'open');
  const issueOf = (branch: string) => branch.split('/')[1] ?? branch;
  return [
    ...findTwins(ours.map(({ headRef }) => `the pull request of ${headRef}`)),
    ...findTwins(open.map(({ headRef }) => `an open pull request for issue #${issueOf(headRef)}`)),
  ];
}

function findTwinChecks({ checks }: RepositorySnapshot, bot: string): string[] {
  const ours = checks.filter((check) => isOurGate(check, bot));
  return findTwins(ours.map(({ name, headSha }) => `the check ${name} on ${headSha}`));
}
