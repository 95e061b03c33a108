// What GitHub does not deliver any more, found after an absence that was longer than it remembers.
import { beforeEach, describe, expect, it } from 'vitest';
import { toCommentKey } from '../../src/core/model/comment-place.ts';
import { ExternalError } from '../../src/engine/external-error.ts';
import type { RepositoryComment } from '../../src/engine/port/delivery-log.ts';
import type { IntakeRequest } from '../../src/engine/port/store.ts';
import { type LostCommentPorts, tellLostComments } from '../../src/engine/tell-lost-comments.ts';
import { quiet } from '../support/quiet.ts';
import { repository } from '../support/world-of-decisions.ts';

const dayMs = 24 * 3_600_000;
const now = 1_800_000_000_000;

let heardUntil: number | undefined;
let comments: RepositoryComment[];
/** By the keys of comments. */
let answered: Set<string>;
let claims: Set<string>;
let lists: number[];
let taken: IntakeRequest[];
let isFork: boolean;
let fault: ExternalError | undefined;
beforeEach(() => {
  heardUntil = now - 9 * dayMs;
  comments = [];
  answered = new Set();
  claims = new Set();
  lists = [];
  taken = [];
  fault = undefined;
  isFork = false;
});

const ports: LostCommentPorts = {
  deliveries: {
    listRepositoryComments: async (_repository, since) => {
      lists.push(since);
      if (fault) throw fault;
      return comments.filter(({ createdAt }) => createdAt >= since);
    },
  },
  ledger: {
    readHeardUntil: async () => heardUntil,
    keepHeardUntil: async (moment) => {
      heardUntil = moment;
    },
  },
  repositories: {
    listInstallations: async () => [3],
    listRepositories: async () => [{ repository, defaultBranch: 'main', pushedAt: 0, isFork }],
  },
  github: {
    readSlug: async () => 'gatepilot',
    listReactions: async (_repository, comment) =>
      answered.has(toCommentKey(comment)) ? [{ id: 1, content: '+1' }] : [],
  },
  store: {
    intake: async (request) => {
      taken.push(request);
      return { kind: 'kept', subject: request.subject };
    },
    claim: async (name) => !claims.has(name) && claims.add(name).has(name),
  },
  queue: { wake: async () => undefined },
  log: quiet,
  hash: (text) => text,
};

function write(commentId: number, daysAgo: number, more: Partial<RepositoryComment> = {}): void {
  const actor = { id: 1, login: 'mona', kind: 'person' } as const;
  const about = { actor, association: 'MEMBER', isEdited: false, isOurs: false, thread: 1, isPullRequest: false };
  comments.push({ commentId, body: '/pilot run', createdAt: now - daysAgo * dayMs, ...about, ...more });
}

const round = (readAt = now, until = readAt) =>
  tellLostComments(ports, { readAt, heardUntil: until }, new AbortController().signal);
const told = () => taken.flatMap(({ events }) => events.map(({ id }) => id));

describe('after an absence that was longer than GitHub remembers', () => {
  it('takes the commands of that time that bear no sign of ours, on threads that nobody knows as well', async () => {
    write(10, 12);
    write(11, 8);
    write(12, 7, { thread: 2 });
    write(13, 6, { thread: 3, body: 'Nice weather.' });
    write(14, 5, { thread: 4, isOurs: true });
    write(15, 4, { thread: 5 });
    write(16, 1, { thread: 6 });
    answered.add('comment/12');
    await round();
    // Not what was written before, nor what can still be delivered.
    expect(told()).toEqual(['comment/11', 'comment/15']);
    expect(taken.map(({ isOnlyForKnown, subject }) => [isOnlyForKnown, subject])).toEqual([
      [false, 'github.test/7/1'],
      [false, 'github.test/7/5'],
    ]);
    expect(taken[0]?.events[0]?.event).toMatchObject({ writtenAt: now - 8 * dayMs });
    expect(heardUntil).toBe(now);
  });

  it('leaves forks out', async () => {
    write(11, 8);
    isFork = true;
    await round();
    expect([told(), lists, heardUntil]).toEqual([[], [], now]);
  });

  it('tells whoever wrote several on one thread once, at the newest of them', async () => {
    write(11, 8);
    write(12, 7);
    write(13, 6, { actor: { id: 2, login: 'otto', kind: 'person' } });
    write(14, 5);
    await round();
    expect(told()).toEqual(['comment/14', 'comment/13']);
  });

  it('takes one beside a line for itself, whatever comment of the conversation has its number', async () => {
    write(11, 8);
    write(11, 7, { thread: 2, isPullRequest: true, place: 'line' });
    answered.add('comment/11');
    await round();
    expect(told()).toEqual(['comment/line/11']);
    expect(taken[0]?.events[0]?.event).toMatchObject({ commentId: 11, place: 'line', thread: 2, isPullRequest: true });
    answered.add('comment/line/11');
    [taken, heardUntil] = [[], now - 9 * dayMs];
    claims.clear();
    await round();
    expect(told()).toEqual([]);
  });

  it('tells whoever wrote on one thread and beside its lines once, at the newest of both', async () => {
    write(12, 6, { isPullRequest: true });
    write(3, 7, { isPullRequest: true, place: 'line' });
    await round();
    expect(told()).toEqual(['comment/12']);
  });

  it('is told by one process, and again by another when that one came to no end', async () => {
    write(11, 8);
    fault = new ExternalError({ system: 'github', message: 'limit', retry: { at: now + 60_000 } });
    await expect(round()).rejects.toThrow('limit');
    expect(heardUntil).toBe(now - 9 * dayMs);
    fault = undefined;
    await round();
    expect([told(), heardUntil]).toEqual([[], now - 9 * dayMs]);
    claims.clear();
    await round();
    expect([told(), heardUntil]).toEqual([['comment/11'], now]);
  });

  it('goes on with the other repositories where one cannot be read at all', async () => {
    fault = new ExternalError({ system: 'github', message: 'no access', retry: 'never' });
    await round();
    expect(heardUntil).toBe(now);
  });

  it('looks back a month at most', async () => {
    heardUntil = 0;
    await round();
    expect(lists).toEqual([now - 30 * dayMs]);
  });
});

describe('nothing is listed', () => {
  it('at the first start ever', async () => {
    heardUntil = undefined;
    await round();
    expect([lists, heardUntil]).toEqual([[], now]);
  });

  it('while GitHub can still deliver all that was missed', async () => {
    heardUntil = now - 2.9 * dayMs;
    await round();
    expect([lists, heardUntil]).toEqual([[], now]);
  });

  it('as long as a delivery that never arrived may still be made; then its comment is told', async () => {
    write(11, 2.9);
    heardUntil = now - 60_000;
    await round(now, now - 2.9 * dayMs);
    expect(lists).toEqual([]);
    await round(now + 0.2 * dayMs);
    expect(told()).toEqual(['comment/11']);
  });
});
