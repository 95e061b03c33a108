// What people ask for where it makes no sense changes nothing, and what GitHub shows is where the run is.
import { expect, it } from 'vitest';
import type { Run } from '../../../src/core/model/run.ts';
import { renderView } from '../../../src/core/reply/render-view.ts';
import { comment } from './outcome.ts';
import * as place from './place.ts';

const commands = [
  ...['run', 'plan', 'approve plan-hash', 'pause', 'resume', 'finish', 'continue', 'retry', 'retry b'],
  ...['skip b nobody needs it', 'merge', 'rebase', 'stop', 'nonsense'],
];

it.each(Object.entries(place))('a command that is refused leaves the run exactly as it was: %s', (_name, make) => {
  let refused = 0;
  for (const command of commands) {
    const world = make();
    const before = structuredClone(world.run);
    const { record } = comment(world, `/pilot ${command}`).settle();
    if (record.receipts.at(-1)?.state.kind !== 'refused') continue;
    refused += 1;
    expect(record.run, command).toEqual(before);
  }
  expect(refused).toBeGreaterThan(0);
});

type State = Run['state']['kind'];

/** What the check of a pull request may say in each state: whether the gate is open is another question. */
const shown: Readonly<Record<State, readonly string[]>> = {
  planning: ['in_progress'],
  // What keeps the gate shut stands while agents work on it.
  executing: ['in_progress', 'failure'],
  reviewing: ['in_progress'],
  awaiting_approval: ['action_required'],
  needs_input: ['action_required'],
  paused: ['action_required', 'in_progress'],
  ready: ['success', 'failure', 'action_required'],
  // While its base is known to have moved nobody may merge by hand what is verified for the lane.
  merging: ['success', 'in_progress'],
  merged: ['success'],
  stopping: ['cancelled'],
  stopped: ['cancelled'],
  failed: ['failure', 'timed_out'],
  reported: ['action_required'],
  superseded: ['cancelled'],
  closed: ['cancelled'],
};

it('the check of its head shows the state of the run, in each state in which there is one', () => {
  const seen = new Set<State>();
  for (const [name, make] of Object.entries(place)) {
    const { record, run } = make();
    const check = renderView(record).checks.find(({ headSha }) => headSha === run.pullRequest?.head);
    expect(check === undefined, name).toBe(run.pullRequest === undefined);
    if (!check) continue;
    seen.add(run.state.kind);
    const said = check.state.kind === 'completed' ? check.state.conclusion : check.state.kind;
    expect(shown[run.state.kind], name).toContain(said);
  }
  expect([...seen].sort()).toEqual([
    'closed',
    'executing',
    'failed',
    'merged',
    'merging',
    'paused',
    'ready',
    'reviewing',
    'stopped',
    'superseded',
  ]);
});
