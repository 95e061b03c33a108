// What people do. Each verb checks the person's role as GitHub's pages do, then does what the REST API would do.
import type { PersonActions } from '../action/actions.ts';
import { requestCheckAction, rerequestCheck, rerequestSuite } from '../action/check.ts';
import { addReaction, createComment, deleteComment, editComment } from '../action/comment.ts';
import { createIssue, updateIssue } from '../action/issue.ts';
import { addLabels, removeLabel } from '../action/label.ts';
import { mergePull, signatureOf } from '../action/merge.ts';
import { dequeuePull, enqueuePull } from '../action/merge-queue.ts';
import { createPull, setDraft } from '../action/pull.ts';
import { readHeadSha } from '../action/pull-state.ts';
import { pushFiles } from '../action/push-commit.ts';
import { answerThread, createReview } from '../action/review.ts';
import { setThreadResolved } from '../action/review-thread.ts';
import type { Role } from '../state/account.ts';
import { accountOf, commentOf, issueOf, type PullIssue, pullOf, repositoryOf } from '../state/find.ts';
import type { ReviewComment } from '../state/pull.ts';
import { notFound } from '../state/refusal.ts';
import type { Repository } from '../state/repository.ts';
import { isAtLeastIn, requireRole } from '../state/role.ts';
import type { World } from '../state/world.ts';
import { deleteBranch } from './delete-branch.ts';
import { reportCheck } from './report-check.ts';

/** Who acts where, once their role is known to be enough. */
function enter(world: World, { as, repository: name }: { as: string; repository: string }, needed: Role) {
  const { login } = accountOf(world, as);
  const repository = repositoryOf(world, name);
  requireRole(repository, login, needed);
  return { actor: { login }, repository };
}

/** Own things can be changed by their author, those of others with triage. */
function roleFor(author: string, as: string): Role {
  return author.toLowerCase() === as.toLowerCase() ? 'read' : 'triage';
}

function runOf(repository: Repository, id: number) {
  const run = repository.checkRuns.get(id);
  if (!run) throw notFound();
  return run;
}

/** What a thread began with. */
function firstOf({ pull }: PullIssue, id: number): ReviewComment {
  const comment = pull.reviewComments.find((one) => one.id === id && one.inReplyTo === undefined);
  if (!comment) throw notFound();
  return comment;
}

export function createPersonActions(world: World): PersonActions {
  return {
    openIssue: async (input) => {
      const { actor, repository } = enter(world, input, 'read');
      // GitHub drops labels of people who may not set them, without a word.
      const labels = isAtLeastIn(repository, actor.login, 'triage') ? (input.labels ?? []) : [];
      const issue = { title: input.title, body: input.body ?? null, labels };
      const { number, id } = await createIssue(world, repository, { actor, issue });
      return { number, id };
    },
    editIssue: async ({ title, body, ...input }) => {
      const issue = issueOf(repositoryOf(world, input.repository), input.number);
      const { actor, repository } = enter(world, input, roleFor(issue.author, input.as));
      const change = { ...(title === undefined ? {} : { title }), ...(body === undefined ? {} : { body }) };
      await updateIssue(world, repository, { actor, issue, change });
    },
    closeIssue: (input) => setState(world, input, 'closed'),
    reopenIssue: (input) => setState(world, input, 'open'),
    comment: async (input) => {
      const { actor, repository } = enter(world, input, 'read');
      const issue = issueOf(repository, input.number);
      const at = input.writtenAt === undefined ? world.now() : Date.parse(input.writtenAt);
      return { id: createComment(world, repository, { actor, issue, body: input.body, at }).id };
    },
    editComment: async (input) => {
      const comment = commentOf(repositoryOf(world, input.repository), input.commentId);
      const { actor, repository } = enter(world, input, roleFor(comment.author, input.as));
      editComment(world, repository, { actor, comment, body: input.body });
    },
    deleteComment: async (input) => {
      const comment = commentOf(repositoryOf(world, input.repository), input.commentId);
      const { actor, repository } = enter(world, input, roleFor(comment.author, input.as));
      deleteComment(world, repository, { actor, comment });
    },
    label: async (input) => {
      const { actor, repository } = enter(world, input, 'triage');
      await addLabels(world, repository, { actor, issue: issueOf(repository, input.number), names: [input.label] });
    },
    unlabel: async (input) => {
      const { actor, repository } = enter(world, input, 'triage');
      await removeLabel(world, repository, { actor, issue: issueOf(repository, input.number), name: input.label });
    },
    react: async (input) => {
      const { actor, repository } = enter(world, input, 'read');
      const { commentId, number, content } = input;
      const target = commentId === undefined ? issueOf(repository, number) : commentOf(repository, commentId);
      addReaction(world, target, { actor, content });
      world.changes.add({ at: world.now(), kind: 'reaction', repository: repository.fullName, number });
    },
    pushCommit: async (input) => {
      const { actor, repository } = enter(world, input, 'write');
      const author = signatureOf(world, actor.login);
      const { branch, files, message, from, force } = input;
      const dated = { ...author, date: input.date ?? author.date };
      return { sha: await pushFiles(world, repository, { actor, branch, files, message, from, force, author: dated }) };
    },
    deleteBranch: async (input) => {
      const { actor, repository } = enter(world, input, 'write');
      await deleteBranch(world, repository, { actor, branch: input.branch });
    },
    openPull: async (input) => {
      const { actor, repository } = enter(world, input, 'read');
      const pull = {
        title: input.title,
        body: input.body ?? null,
        head: input.head,
        base: input.base ?? repository.defaultBranch,
        draft: input.draft ?? false,
        maintainerCanModify: true,
      };
      const { number, id } = await createPull(world, repository, { actor, pull });
      return { number, id, headSha: await readHeadSha(repository, number) };
    },
    setDraft: async ({ draft, ...input }) => {
      const pull = pullOf(repositoryOf(world, input.repository), input.number);
      const { actor, repository } = enter(world, input, roleFor(pull.author, input.as));
      await setDraft(world, repository, { actor, pull, draft });
    },
    review: async (input) => {
      const { actor, repository } = enter(world, input, 'read');
      const comments = (input.comments ?? []).map((one) => ({ ...one, side: one.side ?? 'RIGHT', startLine: null }));
      const review = { body: input.body ?? '', event: input.event, comments };
      const pull = pullOf(repository, input.number);
      return { id: (await createReview(world, repository, { actor, pull, review })).id };
    },
    setThreadResolved: async (input) => {
      const pull = pullOf(repositoryOf(world, input.repository), input.number);
      const isOwn = pull.author.toLowerCase() === input.as.toLowerCase();
      const { actor, repository } = enter(world, input, isOwn ? 'read' : 'write');
      const comment = firstOf(pull, input.commentId);
      setThreadResolved(world, repository, { actor, pull, comment, isResolved: input.isResolved });
    },
    answerThread: async (input) => {
      const { actor, repository } = enter(world, input, 'read');
      const pull = pullOf(repository, input.number);
      const comment = firstOf(pull, input.commentId);
      return { id: (await answerThread(world, repository, { actor, pull, comment, body: input.body })).id };
    },
    mergePull: async (input) => {
      const { actor, repository } = enter(world, input, 'write');
      const pull = pullOf(repository, input.number);
      return { sha: await mergePull(world, repository, { actor, pull, method: input.method ?? 'merge' }) };
    },
    enqueuePull: async (input) => {
      const { actor, repository } = enter(world, input, 'write');
      await enqueuePull(world, repository, { actor, pull: pullOf(repository, input.number) });
    },
    dequeuePull: async (input) => {
      const { actor, repository } = enter(world, input, 'write');
      await dequeuePull(world, repository, { actor, pull: pullOf(repository, input.number) });
    },
    clickCheckAction: async (input) => {
      const { actor, repository } = enter(world, input, 'write');
      const run = runOf(repository, input.checkRunId);
      await requestCheckAction(world, repository, { actor, run, identifier: input.identifier });
    },
    rerequestCheck: async (input) => {
      const { actor, repository } = enter(world, input, 'write');
      await rerequestCheck(world, repository, { actor, run: runOf(repository, input.checkRunId) });
    },
    rerequestSuite: async (input) => {
      const { actor, repository } = enter(world, input, 'write');
      await rerequestSuite(world, repository, { actor, suiteId: input.checkSuiteId });
    },
    reportCheck: (input) => reportCheck(world, input),
  };
}

async function setState(
  world: World,
  input: { as: string; repository: string; number: number },
  state: 'open' | 'closed',
): Promise<void> {
  const issue = issueOf(repositoryOf(world, input.repository), input.number);
  const { actor, repository } = enter(world, input, roleFor(issue.author, input.as));
  await updateIssue(world, repository, { actor, issue, change: { state } });
}
