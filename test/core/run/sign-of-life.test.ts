// Before there is a pull request there is no check (docs/adr/0056): whoever asked sees a reaction and the comment at once, and
// the comment says how to stop it.
import { expect, it } from 'vitest';
import { renderView } from '../../../src/core/reply/render-view.ts';
import { WorldOfDecisions } from '../../support/world-of-decisions.ts';
import { comment, label } from './outcome.ts';
import { ready } from './place.ts';

const stop = '`/pilot stop` ends it';

function listStickies({ record }: WorldOfDecisions): string[] {
  return renderView(record).comments.flatMap(({ marker, body }) => (marker.includes(':sticky:') ? [body] : []));
}

it.each<[string, (world: WorldOfDecisions) => unknown, string[]]>([
  ['a command', (world) => comment(world, '/pilot run', { commentId: 5 }), ['rocket']],
  ['a label', (world) => label(world, 'pilot:run'), []],
])('is there in the first presentation after %s, for which nobody waits', (_, ask, reactions) => {
  const world = new WorldOfDecisions();
  ask(world);
  world.settle();
  const shown = world.outbox.filter(({ action }) => action.kind === 'present');
  expect(shown.map(({ notBefore }) => notBefore)).toEqual([undefined]);
  const view = renderView(world.record);
  expect(view.checks).toEqual([]);
  expect(view.reactions.map(({ content }) => content)).toEqual(reactions);
  expect(view.labels).toMatchObject([{ thread: 1, has: 'pilot:working' }]);
  expect(listStickies(world)).toEqual([expect.stringContaining(stop)]);
});

it('is the button of the check once there is a pull request', () => {
  expect(listStickies(ready()).filter((body) => body.includes(stop))).toEqual([]);
});

it('offers no stop of what is being stopped', () => {
  const world = comment(new WorldOfDecisions(), '/pilot run').settle();
  comment(world, '/pilot stop').settle();
  expect(listStickies(world).filter((body) => body.includes(stop))).toEqual([]);
});
