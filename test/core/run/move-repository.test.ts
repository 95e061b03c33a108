// Deliveries come out of order, also over a transfer: what an installation says that has lost the repository is old.
import { expect, it } from 'vitest';
import type { InboxEntry } from '../../../src/core/model/snapshot.ts';
import { findRepository } from '../../../src/core/run/move-repository.ts';
import type { WorldOfDecisions } from '../../support/world-of-decisions.ts';
import { repository } from '../../support/world-of-decisions.ts';
import { mona, outage } from './outcome.ts';
import { pausedByOutage, ready } from './place.ts';

const home = { ...repository, owner: 'heirs', name: 'mistakes', installationId: 9 } as const;
const old = repository.installationId;

function move(world: WorldOfDecisions, from: number, to: typeof repository | typeof home, removalId = `7@${from}`) {
  return world.put({ kind: 'repository_moved', removalId, from, repository: to }).settle();
}

/** A delivery, as the intake keeps it. */
function deliver(world: WorldOfDecisions, deliveryId: string, of: typeof repository | typeof home): void {
  const event = { kind: 'issue_closed', deliveryId, actor: mona } as const;
  world.inbox.push({ entryId: deliveryId, eventId: `delivery/${deliveryId}/0`, event, repository: of });
  world.settle();
}

it('a delivery of the installation that lost the repository does not bring its names back', () => {
  const world = move(ready(), old, home);
  expect(world.record.repository).toEqual(home);
  deliver(world, 'late', repository);
  expect(world.record.repository).toEqual(home);
});

it('the word of a move does not undo what the new installation said before it', () => {
  const world = ready();
  const renamed = { ...home, name: 'errata' } as unknown as typeof home;
  deliver(world, 'early', renamed);
  move(world, old, home);
  expect(world.record.repository).toEqual(renamed);
  deliver(world, 'late', repository);
  expect(world.record.repository).toEqual(renamed);
});

it('a repository that is given back is where it was, and only the other installation is old', () => {
  const world = move(move(ready(), old, home), 9, repository);
  expect([world.record.repository, world.record.left]).toEqual([repository, [9]]);
  deliver(world, 'again', { ...repository, name: 'errors' });
  expect(world.record.repository).toEqual(repository);
});

it('a run that an outage holds looks at once, and all that people should see is shown again', () => {
  const world = pausedByOutage();
  expect(world.run.state).toMatchObject({ kind: 'paused', cause: outage });
  move(world, old, home);
  expect(world.run.state.kind).toBe('executing');
  expect(world.run.troubles).toEqual({});
  expect(world.record.presentation.confirm).toMatchObject({ after: 0 });
});

it('what is read for an older delivery is read where the repository is now', () => {
  const late: InboxEntry = {
    entryId: '1-0',
    eventId: 'delivery/late/0',
    event: { kind: 'issue_closed', deliveryId: 'late', actor: mona },
    repository,
  };
  const back: InboxEntry = {
    entryId: '2-0',
    eventId: 'moved/7@9',
    event: { kind: 'repository_moved', removalId: '7@9', from: 9, repository },
  };
  const moved = { repository: home, left: [old] };
  expect(findRepository(moved, [late])).toEqual(home);
  expect(findRepository(moved, [late, back])).toEqual(repository);
});
