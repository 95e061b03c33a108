// What schedules need of GitHub, and where it is kept up to when each of them owes nothing.
import type { ScheduleLedger, SchedulePort } from '../../src/engine/port/schedule.ts';
import type { Hub, HubThread } from './hub.ts';
import { home } from './payload.ts';

const ourselves = { id: 99, login: 'gatepilot[bot]', kind: 'bot' } as const;

export function createSimulatedSchedules(hub: Hub): SchedulePort {
  const toOwn = ({ number, title, body, state }: HubThread) => ({
    number,
    title,
    body,
    isOpen: state === 'open',
    author: ourselves,
  });
  const { host, repository, installation } = home;
  const { id, name, owner } = repository;
  return {
    listInstallations: async () => [installation.id],
    listRepositories: async () => [
      {
        repository: { host, id, name, owner: owner.login, installationId: installation.id },
        defaultBranch: hub.defaultBranch,
        pushedAt: hub.pushedAt(),
        isFork: false,
      },
    ],
    listOwnIssues: async () =>
      [...hub.threads.values()]
        .filter(({ isPull, author, at }) => !isPull && author === ourselves.login && at <= hub.now() - hub.listLagMs)
        .map(toOwn),
    openIssue: async (_repository, { title, body }) => toOwn(hub.thread(hub.openIssue(title, body, ourselves.login))),
  };
}

/** As the one on Redis, for one repository; each call of it is one step there as well, or may be taken for one. */
export function createSimulatedLedger(clock: { now(): number }): ScheduleLedger {
  const dayMs = 24 * 3_600_000;
  const settled = new Map<string, number>();
  return {
    readTime: async () => clock.now(),
    async keep(_repository, schedules, now) {
      for (const [schedule, moment] of settled)
        if (!schedules.includes(schedule) || moment > now + dayMs) settled.delete(schedule);
      for (const schedule of schedules) if (!settled.has(schedule)) settled.set(schedule, now);
      return new Map(settled);
    },
    async settle(_repository, schedule, moment) {
      const before = settled.get(schedule);
      if (before !== undefined && before < moment) settled.set(schedule, moment);
    },
    forget: async () => settled.clear(),
  };
}
