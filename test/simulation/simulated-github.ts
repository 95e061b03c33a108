// GitHub in memory: one repository with branches, threads, pull requests, checks, labels and reactions. Lists lag behind
// writes. Whatever changes makes webhooks, also what our own App changed.
import { toCommentKey } from '../../src/core/model/comment-place.ts';
import type { Repository } from '../../src/core/model/subject.ts';
import { ExternalError } from '../../src/engine/external-error.ts';
import type { CheckFacts, GitHubPort, MergeAnswer, PullFacts } from '../../src/engine/port/github.ts';
import { canaries } from './canary.ts';
import { isOfFork, toBranchName } from './fork-branch.ts';
import type { Hub, HubPull } from './hub.ts';

export function createSimulatedGitHub(hub: Hub): GitHubPort {
  const { objects, now } = hub;
  const isVisible = ({ at }: { readonly at: number }) => at <= now() - hub.listLagMs || at === 0;
  const seeLabels = (number: number) => [...hub.thread(number).labels];

  return {
    readSlug: async () => 'gatepilot',
    readPermission: async (_repository, login) => hub.permissions.get(login) ?? 'none',
    readRepository: async ({ owner, name }) => ({ defaultBranch: hub.defaultBranch, owner, name, isFork: false }),
    readBranch: async (_repository, branch) => hub.branches.get(branch),
    listBranches: async (_repository, prefix) =>
      [...hub.branches].flatMap(([name, head]) => (name.startsWith(prefix) ? [{ name, head }] : [])),
    readBranchRules: async () => ({ hasMergeQueue: false, wantsUpToDate: false }),
    findSibling: async () => undefined,
    readFile: async (_repository, path, ref) => objects.find(hub.branches.get(ref) ?? ref)?.tree.get(path),
    async readEntry(_repository, path, commit) {
      const text = objects.get(commit).tree.get(path);
      return text === undefined ? { kind: 'absent' } : { kind: 'file', text, isExecutable: false };
    },

    async createCommit(_repository, { parent, message, path, kept, added }) {
      const tree = new Map([...objects.get(parent).tree, [path, kept + added]]);
      return objects.commit(tree, [parent], message, now()).id;
    },

    async moveBranch(_repository, { branch, from, to }) {
      const at = hub.branches.get(branch);
      const isFree = from === undefined ? at === undefined : at !== undefined && objects.isAncestor(at, to);
      if (isFree) hub.push(branch, to, 'gatepilot[bot]');
      return isFree;
    },

    listFolder: async () => undefined,
    listChanges: async () => [],

    async readThread(_repository, number) {
      const thread = hub.thread(number);
      return {
        number,
        title: thread.title,
        body: thread.body,
        author: thread.author,
        isOurs: thread.author === 'gatepilot[bot]',
        state: thread.state,
        labels: [...thread.labels],
        comments: thread.comments.filter(isVisible).map(toComment),
      };
    },

    async readEdits(_repository, number) {
      const { at, edits } = hub.thread(number);
      return { editedAt: toSecond(Math.max(at, ...edits.map((edit) => edit.at))), labelled: [] };
    },

    readPull: async (_repository, number) => toFacts(hub, hub.pull(number)),
    listPullPaths: async () => [],

    async findPull(_repository, branch) {
      const pulls = [...hub.pulls.values()].filter((pull) => pull.branch === branch && pull.isOurs && isVisible(pull));
      const found = pulls.find(({ state }) => state === 'open') ?? pulls.at(-1);
      return found && toFacts(hub, found);
    },

    listOpenPulls: async () =>
      [...hub.pulls.values()]
        .filter((pull) => pull.state === 'open' && isVisible(pull))
        .map((pull) => toFacts(hub, pull)),

    listPullsOfHead: async (_repository, headSha) =>
      [...hub.pulls.values()]
        .filter((pull) => pull.state === 'open' && hub.headOf(pull) === headSha && isVisible(pull))
        .map((pull) => toFacts(hub, pull)),

    listFailedChecks: async () => [],

    listHeldCi: async (_repository, headSha) => {
      const runs = hub.heldSince.has(headSha) ? 1 : 0;
      return { apps: runs > 0 ? ['GitHub Actions'] : [], runs };
    },

    async createPull(_repository, { head, base, title, body, draft: isDraft = false }) {
      const known = [...hub.pulls.values()].find((pull) => pull.branch === head && pull.state === 'open');
      // As the adapter takes it: one branch has one open pull request, and lists lag.
      if (known && isVisible(known)) return { number: known.number, isDraft: known.isDraft };
      if (known)
        throw new ExternalError({ system: 'github', message: 'it exists, and cannot be seen yet', retry: 'soon' });
      if (!hub.branches.has(head)) throw refuse('head is invalid');
      return { number: hub.openPull({ branch: head, base, title, body, isOurs: true, isDraft }), isDraft };
    },

    markReady: async (_repository, nodeId) => hub.setDraft(Number(nodeId), false, 'gatepilot[bot]'),

    async updatePull(_repository, number, { title, body }) {
      const pull = hub.pull(number);
      if (title !== undefined) pull.title = title;
      if (body !== undefined) pull.body = body;
    },

    merge: async (_repository, number, { sha }) => merge(hub, number, sha),
    readTree: async (_repository, commit) => objects.get(commit).treeId,

    listComments: async (_repository, number, since = 0) =>
      hub
        .thread(number)
        .comments.filter((comment) => isVisible(comment) && comment.updatedAt >= since)
        .map(toComment),

    createComment: async (_repository, number, body) => hub.addComment(number, { author: 'gatepilot[bot]', body }).id,

    async updateComment(_repository, commentId, body) {
      const comment = hub.findComment(commentId);
      if (!comment) throw refuse('no such comment', 404);
      comment.body = body;
      comment.updatedAt = now();
    },

    async deleteComment(_repository, commentId) {
      for (const thread of hub.threads.values())
        thread.comments = thread.comments.filter((comment) => comment.id !== commentId);
    },

    listChecks: async (_repository, headSha) =>
      hub.checks.filter((check) => check.headSha === headSha && isVisible(check)).map(toCheck),

    readComment: async (_repository, id) => {
      const comment = hub.findComment(id);
      return comment && toComment(comment);
    },

    readCheck: async (_repository, id) => {
      const check = hub.checks.find((one) => one.id === id);
      return check && toCheck(check);
    },

    listReviews: async (_repository, number) =>
      (hub.reviews.get(number) ?? []).filter(isVisible).map(({ id, body }) => ({ id, body, isOurs: true })),

    // Its reviews have no remarks.
    listReviewComments: async () => [],
    updateReviewComment: async () => undefined,
    listReviewThreads: async () => [],
    resolveReviewThread: async () => undefined,
    unresolveReviewThread: async () => undefined,

    async createReview(_repository, number, { headSha, body }) {
      if (!objects.find(headSha)) throw refuse('no such commit');
      const all = hub.reviews.get(number) ?? [];
      const [marker = ''] = body.split('\n');
      if (all.some((one) => one.body.startsWith(marker))) hub.twins.push(`#${number} ${marker}`);
      const id = hub.nextId();
      hub.reviews.set(number, [...all, { id, body, at: now() }]);
      return id;
    },

    async createCheck(_repository, check) {
      if (!objects.find(check.headSha)) throw refuse('no such commit');
      const id = hub.nextId();
      // Two subjects that have one head may each make their own at the same moment; none makes two.
      const isByTheSame = ({ externalId }: CheckFacts) => externalId.split(':')[0] === check.externalId.split(':')[0];
      if (hub.checks.some((one) => one.headSha === check.headSha && one.name === check.name && isByTheSame(one)))
        hub.twins.push(`${check.name} on ${check.headSha}`);
      hub.checks.push({ ...check, id, annotationCount: check.annotations?.length ?? 0, at: now() });
      return id;
    },

    async updateCheck(_repository, id, check) {
      const index = hub.checks.findIndex((known) => known.id === id);
      const known = hub.checks[index];
      if (!known) throw refuse('no such check', 404);
      const annotationCount = known.annotationCount + (check.annotations?.length ?? 0);
      hub.checks[index] = { ...check, id, annotationCount, at: known.at };
    },

    listLabels: async (_repository, number) => seeLabels(number),
    addLabel: async (_repository, number, label) => hub.addLabel(number, label, 'gatepilot[bot]'),
    removeLabel: async (_repository, number, label) => void hub.thread(number).labels.delete(label),

    listReactions: async (_repository, comment) =>
      (hub.reactions.get(toCommentKey(comment)) ?? []).filter(isVisible).map(({ id, content }) => ({ id, content })),

    async addReaction(_repository, comment, content) {
      const key = toCommentKey(comment);
      const all = hub.reactions.get(key) ?? [];
      if (!all.some((known) => known.content === content)) all.push({ id: hub.nextId(), content, at: now() });
      hub.reactions.set(key, all);
    },

    async removeReaction(_repository, comment, reactionId) {
      const key = toCommentKey(comment);
      const all = hub.reactions.get(key) ?? [];
      hub.reactions.set(
        key,
        all.filter(({ id }) => id !== reactionId),
      );
    },

    createGitToken: async () => ({ username: 'x-access-token', password: canaries.gitToken }),
    toGitUrl: ({ host, owner, name }: Repository) => `https://${host}/${owner}/${name}.git`,
  };
}

/** GitHub checks the head and nothing else: what the base is at this moment is taken as it is. */
function merge(hub: Hub, number: number, sha: string): MergeAnswer {
  const pull = hub.pull(number);
  if (pull.state !== 'open') return { kind: 'refused', why: 'Pull Request is not mergeable' };
  if (pull.isDraft) return { kind: 'refused', why: 'Pull Request is still a draft' };
  if (hub.headOf(pull) !== sha) return { kind: 'head_moved' };
  const merged = hub.mergePull(number, 'gatepilot[bot]');
  return merged === undefined ? { kind: 'refused', why: 'Merge conflict' } : { kind: 'merged', sha: merged };
}

function toFacts(hub: Hub, pull: HubPull): PullFacts {
  return {
    number: pull.number,
    state: pull.state,
    isDraft: pull.isDraft,
    nodeId: String(pull.number),
    headSha: hub.headOf(pull),
    headBranch: toBranchName(pull.branch),
    isSameRepository: !isOfFork(pull.branch),
    isOurs: pull.isOurs,
    baseBranch: pull.base,
    mergeSha: pull.mergeSha,
    title: pull.title,
    body: pull.body,
  };
}

/** GitHub tells whole seconds. */
function toSecond(at: number): number {
  return Math.floor(at / 1_000) * 1_000;
}

function toComment(comment: { id: number; author: string; body: string; at: number; updatedAt: number }) {
  const { id, author, body, at: createdAt } = comment;
  const isOurs = author === 'gatepilot[bot]';
  return { id, author, isOurs, isBot: isOurs, body, createdAt, editedAt: toSecond(comment.updatedAt) };
}

function toCheck({ at: _at, ...check }: CheckFacts & { readonly at: number }): CheckFacts {
  return check;
}

function refuse(message: string, status = 422): ExternalError {
  return new ExternalError({ system: 'github', message: `${message}: GitHub answered ${status}`, retry: 'never' });
}
