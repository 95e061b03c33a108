// The tables of transitions, as people read them. What checks them after every decision of every random history is `promise.ts`.
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { type RunState, toPhase } from '../../../src/core/model/run.ts';
import { taskWays, ways } from './promise.ts';

it('are in docs/states.md as they are checked (made anew by "npm test -- -u")', async () => {
  await expect(renderStates()).toMatchFileSnapshot(join(import.meta.dirname, '../../../docs/states.md'));
});

function renderStates(): string {
  const runs = Object.entries(ways).map(([from, to]) => [from, phaseOf(from), listWays(to)]);
  const tasks = Object.entries(taskWays).map(([from, to]) => [from, listWays(to)]);
  return [
    '# The states of a run and of a task',
    '',
    'Made from the tables in `test/core/run/promise.ts`, which are checked after every decision in thousands of random histories',
    '(`history.property.test.ts`): no other transition was ever met, and one that is not listed here fails the tests.',
    ' [ARCHITECTURE.md](../ARCHITECTURE.md) says what leads from one to the next.',
    '',
    '## Run',
    '',
    'A **working** state has a deadline, a **held** one waits for people or for an outage to end, a **resting** one frees its',
    'subject and may be gone on with, a **final** one starts nothing. Besides, a merge that landed is told from everywhere: from',
    'any state to `merged`, by the result that read it and by nothing else.',
    '',
    ...renderTable(['from', 'phase', 'to'], runs),
    '',
    '## Task',
    '',
    ...renderTable(['from', 'to'], tasks),
    '',
  ].join('\n');
}

function phaseOf(kind: string): string {
  return toPhase({ kind } as RunState);
}

function listWays(to: readonly string[]): string {
  return to.length === 0 ? '—' : to.map((one) => `\`${one}\``).join(' ');
}

function renderTable(heads: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(heads), line(heads.map(() => '---')), ...rows.map(line)];
}
