// A repository as it looks after a chaos run that went well, and ways to plant what must never be there.
import type {
  CheckSnapshot,
  CommentSnapshot,
  IssueEventSnapshot,
  IssueSnapshot,
  PullSnapshot,
  RepositorySnapshot,
} from '../../src/demo/github/state/snapshot.ts';

export const bot = 'gatepilot[bot]';
const at = '2026-01-01T00:00:00Z';
let lastId = 100;

export function comment(author: string, body: string, reactions: readonly string[] = []): CommentSnapshot {
  lastId += 1;
  return {
    id: lastId,
    author,
    authorIsBot: author === bot,
    body,
    createdAt: at,
    updatedAt: at,
    reactions: reactions.map((content) => ({ user: bot, content }) as CommentSnapshot['reactions'][number]),
  };
}

export function sticky(run: string, headline: string): CommentSnapshot {
  return comment(bot, `<!-- gatepilot:sticky:${run} -->\n## Gatepilot · run ${run}\n\n${headline}`);
}

export function reply(to: string, text = 'Said.'): CommentSnapshot {
  return comment(bot, `<!-- gatepilot:reply:${to} -->\n@mona ${text}`);
}

export function labelled(actor = 'mona', label = 'pilot:run'): IssueEventSnapshot {
  lastId += 1;
  return { id: lastId, kind: 'labeled', actor, at, label };
}

export function merged(): IssueEventSnapshot {
  lastId += 1;
  return { id: lastId, kind: 'merged', actor: bot, at };
}

export function issue(number: number, parts: Partial<IssueSnapshot> = {}): IssueSnapshot {
  return {
    id: number,
    number,
    author: 'mona',
    authorIsBot: false,
    title: `item-${number}`,
    body: '',
    state: 'open',
    labels: [],
    createdAt: at,
    updatedAt: at,
    closedBy: null,
    reactions: [],
    comments: [],
    events: [],
    ...parts,
  };
}

export function check(headSha: string, parts: Partial<CheckSnapshot> = {}): CheckSnapshot {
  lastId += 1;
  return {
    id: lastId,
    name: 'gatepilot/gate',
    app: 'gatepilot',
    headSha,
    externalId: '',
    detailsUrl: null,
    status: 'completed',
    conclusion: 'success',
    title: 'Verified',
    summary: '',
    text: '',
    annotations: [],
    actions: [],
    startedAt: at,
    completedAt: at,
    ...parts,
  };
}

export function pull(number: number, parts: Partial<PullSnapshot> = {}): PullSnapshot {
  const headSha = parts.headSha ?? `sha-${number}`;
  return {
    ...issue(number),
    author: bot,
    authorIsBot: true,
    headOwner: 'acme',
    headRef: `gatepilot/1/r${number}`,
    headSha,
    baseRef: 'main',
    baseSha: 'base',
    draft: false,
    fork: false,
    merged: null,
    mergeable: true,
    blockedBy: [],
    commits: [],
    reviews: [],
    checks: [check(headSha)],
    ...parts,
  };
}

export function repository(parts: Partial<RepositorySnapshot>): RepositorySnapshot {
  const pulls = parts.pulls ?? [];
  return {
    id: 1,
    fullName: 'acme/one',
    isPrivate: false,
    defaultBranch: 'main',
    cloneUrl: '',
    roles: { mona: 'write', rita: 'read' },
    labels: [],
    branches: {},
    protection: {},
    issues: [],
    checks: pulls.flatMap(({ checks }) => checks),
    ...parts,
    pulls,
  };
}
