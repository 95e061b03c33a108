// Whatever the engine writes to GitHub, and whoever forgot to look: no secret goes through.
import { expect, it } from 'vitest';
import { type BudgetedWriter, budgetWrites } from '../../src/engine/budget-writes.ts';
import type { CheckView, GitHubPort } from '../../src/engine/port/github.ts';

const repository = { host: 'github.com', id: 1, owner: 'acme', name: 'widget', installationId: 7 };
const secret = `ghp_${'a1B2c3D4'.repeat(5)}`;
const text = `It is ${secret} here`;

const check: CheckView = {
  name: 'gatepilot/gate',
  headSha: 'a'.repeat(40),
  externalId: 'run:1',
  state: { kind: 'queued' },
  title: text,
  summary: text,
  text,
  annotations: [{ path: 'a.yml', line: 1, message: text }],
  actions: [],
};

/** Every call of the writer that carries text; a new one has to be added here, or this does not compile. */
const calls: { readonly [Name in keyof BudgetedWriter]: (writer: BudgetedWriter) => Promise<unknown> } = {
  createCommit: (to) =>
    to.createCommit('progress', repository, {
      parent: check.headSha,
      message: text,
      path: 'NOTES.md',
      isExecutable: false,
      kept: '# Notes\n',
      added: text,
    }),
  moveBranch: (to) => to.moveBranch('progress', repository, { branch: 'b', from: undefined, to: check.headSha }),
  createPull: (to) => to.createPull('answer', repository, { head: 'h', base: 'b', title: text, body: text }),
  markReady: (to) => to.markReady('merge', repository, 'PR_1'),
  updatePull: (to) => to.updatePull('answer', repository, 1, { title: text, body: text }),
  merge: (to) =>
    to.merge('merge', repository, 1, { sha: check.headSha, method: 'merge', title: text, message: text, timeoutMs: 1 }),
  createReview: (to) =>
    to.createReview('progress', repository, 1, {
      headSha: check.headSha,
      body: text,
      remarks: [{ path: 'a.ts', line: 1, body: text }],
    }),
  updateReviewComment: (to) => to.updateReviewComment('progress', repository, 1, text),
  resolveReviewThread: (to) => to.resolveReviewThread('progress', repository, 'PRRT_1'),
  unresolveReviewThread: (to) => to.unresolveReviewThread('progress', repository, 'PRRT_1'),
  createComment: (to) => to.createComment('answer', repository, 1, text),
  updateComment: (to) => to.updateComment('answer', repository, 1, text),
  deleteComment: (to) => to.deleteComment('answer', repository, 1),
  createCheck: (to) => to.createCheck('terminal_check', repository, check),
  updateCheck: (to) => to.updateCheck('terminal_check', repository, 1, check),
  addLabel: (to) => to.addLabel('progress', repository, 1, 'pilot:working'),
  removeLabel: (to) => to.removeLabel('progress', repository, 1, 'pilot:working'),
  addReaction: (to) => to.addReaction('answer', repository, { commentId: 1 }, 'eyes'),
  removeReaction: (to) => to.removeReaction('answer', repository, { commentId: 1 }, 2),
};

it.each(Object.keys(calls) as (keyof typeof calls)[])('%s lets no secret through', async (name) => {
  let sent: unknown;
  const record = async (...args: unknown[]) => {
    sent = args;
  };
  const github = Object.fromEntries(Object.keys(calls).map((call) => [call, record]));
  const budgeted = budgetWrites(github as unknown as GitHubPort, {
    store: { takeTokens: async () => ({ kind: 'taken' }) },
    perMinute: 40,
  });
  await calls[name](budgeted.writeFor({ stillHolds: () => true }));
  expect(JSON.stringify(sent)).not.toContain(secret);
  // All that was given arrives otherwise, the last argument included.
  expect(JSON.stringify(sent)?.replaceAll('[redacted]', secret)).toBe(JSON.stringify(await given(name)));
});

async function given(name: keyof typeof calls): Promise<unknown> {
  let args: unknown[] = [];
  const take = async (_: unknown, ...rest: unknown[]) => {
    args = rest;
    return undefined as never;
  };
  const writer = Object.fromEntries(Object.keys(calls).map((call) => [call, take])) as unknown as BudgetedWriter;
  await calls[name](writer);
  return args;
}
