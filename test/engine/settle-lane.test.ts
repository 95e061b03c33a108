import { expect, it } from 'vitest';
import { openLane } from '../../src/core/model/lane.ts';
import type { LaneId } from '../../src/core/model/subject.ts';
import type { Held } from '../../src/engine/carry-out.ts';
import { ExternalError, type Retry } from '../../src/engine/external-error.ts';
import { settleLane } from '../../src/engine/settle-lane.ts';
import type { WorkPorts } from '../../src/engine/work-ports.ts';

const repository = { host: 'github.test', id: 7, owner: 'acme', name: 'widget', installationId: 3 };
const held = {
  subject: 'lane' as LaneId,
  action: { kind: 'settle_lane', id: 's', epoch: 1, number: 9 },
  record: openLane(repository, 'main'),
} as unknown as Held<'settle_lane'>;

const retries: readonly [Retry, object][] = [
  ['soon', { isForGood: false }],
  ['never', { isForGood: true }],
  [{ at: 5_000 }, { isForGood: false, until: 5_000 }],
];
it.each(retries)('a lane that cannot be read (%j) says from when on it can', async (retry, said) => {
  const failing = async () => Promise.reject(new ExternalError({ system: 'github', message: 'no', retry }));
  const github = { readPull: failing, readBranch: failing } as unknown as WorkPorts['github'];
  expect(await settleLane({ github }, held)).toEqual({ kind: 'failed', why: 'no', ...said });
});
