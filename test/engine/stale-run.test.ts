// A run that rests, through the real loop: GitHub is asked about its pull request once a day, whoever looks in between.
import { expect, it } from 'vitest';
import { openRecord } from '../../src/core/model/record.ts';
import { toSubjectId } from '../../src/core/model/subject.ts';
import { advance } from '../../src/engine/advance.ts';
import { ExternalError } from '../../src/engine/external-error.ts';
import type { GitHubReader, PullFacts } from '../../src/engine/port/github.ts';
import { ready } from '../core/run/place.ts';
import { quiet } from '../support/quiet.ts';
import { createSimulatedStore } from '../support/simulated-store.ts';
import { HandClock } from './hand-clock.ts';

const repository = { host: 'git.test', id: 7, owner: 'acme', name: 'errors', installationId: 3 };
const subject = toSubjectId(repository.host, repository.id, 1);
const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

async function stage() {
  const world = ready();
  const { run } = world;
  const { facts } = world.snapshot();
  const clock = { time: run.state.since };
  const store = createSimulatedStore({ clock: { now: () => clock.time } });
  const record = { ...openRecord(repository, 1, { isPullRequest: false, title: 'x' }), run };
  await store.save(subject, 0, { record, handled: [], log: [], outbox: [], aliases: [], wakeAt: clock.time });
  const asked: number[] = [];
  const answers: { state: PullFacts['state'] | 'away' } = { state: 'open' };
  const github = {
    async readPull(_repository: unknown, number: number) {
      asked.push(number);
      if (answers.state === 'away') throw new ExternalError({ system: 'github', message: 'it is away', retry: 'soon' });
      return { headSha: run.pullRequest?.head, baseBranch: 'main', state: answers.state };
    },
    readBranch: async () => run.verification?.key.base,
    findSibling: async () => undefined,
    listChanges: async () => [],
    readFile: async (_repository: unknown, path: string) =>
      path.endsWith('.yml') ? facts.repository?.policyText : undefined,
  } as unknown as GitHubReader;
  const queue = { wake: async () => undefined, wakeAfresh: async () => undefined, dispatch: async () => undefined };
  const runLimits = { perRepository: undefined, perInstallation: undefined };
  const hash = (text: string) => `${text.length}`;
  const resources = { read: async () => [] };
  const ports = {
    store,
    queue,
    github,
    clock: new HandClock(),
    hash,
    log: quiet,
    resources,
    runLimits,
    agents: [],
    models: [],
    sandboxes: facts.sandboxes,
    network: { allow: [], deny: [] },
    proposesSettings: false,
  };
  return {
    asked,
    answers,
    /** As the sweep does it: what is due is looked at, and nothing else. */
    async pass(ms: number) {
      for (const end = clock.time + ms; ; ) {
        const due = store.listDue().find(([id]) => id === subject)?.[1] ?? Number.POSITIVE_INFINITY;
        clock.time = Math.max(clock.time, Math.min(due, end));
        if (due > end) return;
        await advance(ports, subject);
      }
    },
    look: () => advance(ports, subject),
    readState: async () => (await store.load(subject)).record?.run?.state.kind,
  };
}

it('is asked about once a day while nothing happens', async () => {
  const { asked, pass, look, readState } = await stage();
  await pass(dayMs - 1);
  await look();
  expect(asked).toEqual([]);
  await pass(3 * dayMs);
  expect(asked).toEqual([9, 9, 9]);
  expect(await readState()).toBe('ready');
});

it('is found closed although nobody told so, also after GitHub was away', async () => {
  const { asked, answers, pass, readState } = await stage();
  answers.state = 'away';
  await pass(dayMs);
  answers.state = 'closed';
  await pass(5 * hourMs);
  expect([asked.length, await readState()]).toEqual([1, 'ready']);
  await pass(hourMs);
  expect(await readState()).toBe('closed');
});
