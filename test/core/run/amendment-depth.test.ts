// Tasks that a run makes for itself make no further ones.
import { expect, it } from 'vitest';
import { contractBlocked } from './outcome.ts';
import * as place from './place.ts';

it('an amendment that needs another contract amended gets no task for that: it and whoever waited are blocked, and it is said', () => {
  const world = place.awaitingAmendment();
  const before = world.run.tasks.map(({ key }) => key);
  const amendment = world.run.tasks.find(({ role }) => role === 'amendment')?.key;
  world.finish('attempt', { ...contractBlocked(), contract: 'a/types.ts' } as ReturnType<typeof contractBlocked>);
  expect(world.run.tasks.map(({ key }) => key)).toEqual(before);
  const states = Object.fromEntries(world.run.tasks.map(({ key, state }) => [key, state]));
  expect(states[amendment ?? '']).toMatchObject({
    kind: 'merge_blocked',
    cause: { kind: 'contract_blocked', path: 'a/types.ts', owner: 'a' },
  });
  expect(states.b).toMatchObject({ kind: 'merge_blocked', cause: { kind: 'dependency_failed', task: amendment } });
  expect(world.log.join('\n')).toContain(`${amendment} needs another change in \`a/types.ts\`; an amendment gets none`);
});
