// What a look at a subject asks GitHub for: as much as its inbox needs, and of whom it needs it.
import { beforeEach, expect, it } from 'vitest';
import type { Actor } from '../../src/core/model/actor.ts';
import { type Event, toEventId } from '../../src/core/model/event.ts';
import { openRecord, type SubjectRecord } from '../../src/core/model/record.ts';
import { toSubjectId } from '../../src/core/model/subject.ts';
import { observe } from '../../src/engine/observe.ts';
import type { GitHubReader } from '../../src/engine/port/github.ts';
import { ready } from '../core/run/place.ts';
import { quiet } from '../support/quiet.ts';
import { repository } from '../support/world-of-decisions.ts';
import { HandClock } from './hand-clock.ts';

const subject = toSubjectId(repository.host, repository.id, 1);
const mona: Actor = { id: 1, login: 'mona', kind: 'person' };
const renovate: Actor = { id: 2, login: 'renovate[bot]', kind: 'bot' };

let asked: string[];
beforeEach(() => {
  asked = [];
});

const github = {
  readSlug: async () => 'acme-gatepilot',
  readPermission: async (_repository, login) => {
    asked.push(login);
    return 'write';
  },
  readRepository: async () => ({ defaultBranch: 'main', owner: 'acme', name: 'errors', isFork: false }),
  readBranch: async () => 'b'.repeat(40),
  readFile: async (_repository, path) => (path.endsWith('.yml') ? 'command: { bots: [renovate] }\n' : undefined),
  findSibling: async () => undefined,
  readPull: async (_repository, number) => ({
    ...{
      number,
      state: 'open',
      isDraft: false,
      nodeId: 'PR_1',
      headSha: 'a'.repeat(40),
      headBranch: 'cache',
      isSameRepository: false,
    },
    ...{ isOurs: false, baseBranch: 'main', mergeSha: undefined, title: 'Add a cache', body: '', authorId: 30 },
  }),
} satisfies Partial<GitHubReader> as unknown as GitHubReader;

const known = { number: 1, branch: 'cache', baseBranch: 'main', head: 'a'.repeat(40), state: 'open' } as const;

async function look(event: Event, record?: SubjectRecord) {
  const ports = {
    ...{ github, clock: new HandClock(), hash: (text: string) => text, log: quiet },
    ...{ resources: { read: async () => [] }, runLimits: { perRepository: undefined, perInstallation: undefined } },
    ...{ agents: ['pi'], models: [], sandboxes: [], network: { allow: [], deny: [] }, proposesSettings: false },
    store: { readPots: async () => ({}) },
  };
  const entry = { entryId: '1-0', eventId: toEventId(event), event, repository };
  const loaded = { now: 0, version: 0, record, isNewer: false, inbox: [entry], unreadable: [], outbox: [] };
  const snapshot = await observe(ports, subject, { loaded, learnt: { taken: new Set(), pots: new Map() } });
  return snapshot?.facts;
}

const commented = (actor: Actor): Event => ({
  ...{ kind: 'commented', commentId: 5, body: '/pilot run', actor, association: 'NONE' },
  ...{ thread: 1, isPullRequest: false, title: 'Fix it' },
});

it('knows how our App is called, and what the settings and GitHub say of whoever asks', async () => {
  expect(await look(commented(mona))).toMatchObject({ slug: 'acme-gatepilot', permissions: { mona: 'write' } });
});

it('reads the settings where a bot asks, since only they say whether it is heard, and asks for no permission of it', async () => {
  const facts = await look(commented(renovate));
  expect(facts?.repository?.policyText).toContain('renovate');
  expect(asked).toEqual([]);
});

it.each([
  ['keep', true],
  ['verify', false],
] as const)('reads what the settings are where a base moved, if no verification does: %s', async (baseMoved, reads) => {
  const { record } = ready();
  if (record.run) record.run.policy.baseMoved = baseMoved;
  const pushed = { kind: 'base_pushed', deliveryId: 'd', branch: 'main', head: 'd'.repeat(40), actor: mona } as const;
  const facts = await look(pushed, record);
  expect([facts?.base?.head, facts?.base?.settings?.policyText !== undefined]).toEqual(['b'.repeat(40), reads]);
});

it('asks for nothing where nobody asks', async () => {
  const facts = await look({ kind: 'issue_closed', deliveryId: 'd', actor: mona });
  expect(facts).toMatchObject({ permissions: {} });
  expect([facts?.slug, facts?.repository, asked]).toEqual([undefined, undefined, []]);
});

it('knows who opened a pull request where somebody wants to stop what works on it', async () => {
  const stop: Event = { ...commented(mona), body: '/pilot stop', isPullRequest: true } as Event;
  const record = { ...openRecord(repository, 1, { isPullRequest: true, title: 'Add a cache' }), pull: known };
  expect((await look(stop, record))?.pull).toMatchObject({ number: 1, authorId: 30 });
  expect((await look({ ...stop, body: '/pilot status' } as Event, record))?.pull).toBeUndefined();
});
